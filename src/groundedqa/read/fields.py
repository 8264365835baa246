"""The fields by which a source describes itself, in front matter and in JSON Lines alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from groundedqa.errors import SourceError
from groundedqa.read.raw import RawDocument, RawSection

# Half a surrogate pair has no UTF-8: such an address could not even be written down.
_ADDRESS = re.compile(r"(?i)(?:https?:/)?/[^\s\x00-\x20\x7f-\x9f\ud800-\udfff]*\Z")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)
_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")

Model = TypeVar("Model", bound=BaseModel)


class DocumentFields(BaseModel):
    """What a page may say of itself; names that are not listed here are passed over."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, populate_by_name=True)

    id: str | None = Field(default=None, validation_alias=AliasChoices("_id", "id", "doc_id"))
    title: str | None = None
    kind: str | None = None
    url: str | None = None
    author: str | None = None
    role: str | None = None
    credential: str | None = None
    licence: str | None = Field(default=None, validation_alias=AliasChoices("licence", "license"))
    published: date | None = Field(default=None, validation_alias=AliasChoices("published", "date"))
    language: str | None = Field(default=None, validation_alias=AliasChoices("language", "lang"))
    tags: tuple[str, ...] = ()

    @field_validator("published", mode="before")
    @classmethod
    def _a_moment_is_its_day(cls, value: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        text = str(value).strip() if isinstance(value, str | int) else "no day"
        if not text or _YEAR_OR_MONTH.fullmatch(text):
            return None  # too little for a day, and no reason to lose the page
        day = _DAY.fullmatch(text)
        try:
            return date.fromisoformat(day[1] if day else text[:0])
        except ValueError as error:
            raise ValueError("must be a day as 2026-11-24") from error

    @field_validator("tags", mode="before")
    @classmethod
    def _tags_may_be_one_line(cls, value: Any) -> Any:
        if value is None:
            return ()
        if isinstance(value, str):
            return tuple(tag.strip() for tag in value.split(",") if tag.strip())
        return value

    @field_validator("url")
    @classmethod
    def _url_is_an_address(cls, value: str | None) -> str | None:
        # It becomes a link in pages: "javascript:" and the like must never get there.
        if value and value.strip() and not _ADDRESS.match(value.strip()):
            raise ValueError(
                "must begin with https:// or http://, or / for the site's base; no spaces,"
                " no control characters"
            )
        return value

    @field_validator("id", "title", "kind", "url", "author", mode="after")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return value.strip() or None if value else None

    def document(
        self, *, title: str, sections: tuple[RawSection, ...], default_kind: str
    ) -> RawDocument:
        """A raw document with these fields."""
        return RawDocument(
            title=title,
            sections=sections,
            kind=self.kind or default_kind,
            own_id=self.id,
            url=self.url,
            licence=self.licence,
            published=self.published,
            language=self.language,
            tags=self.tags,
        )


def parse_fields(values: Mapping[Any, Any], what: str) -> DocumentFields:
    """The fields among ``values``.

    Raises:
        SourceError: a field has a wrong value; the message opens with ``what`` and names it.
    """
    return validated(DocumentFields, values, what)


def validated(model: type[Model], values: Any, what: str) -> Model:
    """``values`` as ``model``, or a SourceError that names the first wrong field."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise SourceError(
            f"{what}: {field}: {first['msg']}" if field else f"{what}: {first['msg']}"
        ) from error
