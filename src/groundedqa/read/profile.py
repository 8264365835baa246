"""The site profile: how one site's pages are read, as ``site.toml`` beside the corpus says."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from groundedqa.errors import ConfigurationError
from groundedqa.read import patterns
from groundedqa.read.profile_exports import StackExchange
from groundedqa.read.profile_pins import Pin, Synonyms, checked_synonyms
from groundedqa.read.profile_tables import Tables

PROFILE_NAME = "site.toml"
_SCHEMES = ("http://", "https://")


Required = Literal["licence", "author", "published", "url", "title"]


class SiteProfile(BaseModel):
    """What is particular to a site. Every pattern is a regular expression for a whole line.

    The patterns given are tried before the default ones; ``defaults = false`` leaves those out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "this site"
    base: str | None = Field(
        default=None, description="public address of the site, no slash at end"
    )
    url: str = Field(
        default="{base}/{stem}",
        description="public address of a file: {base}, {stem}, {name}, {id} are filled in",
    )
    licence: str | None = Field(default=None, description="where a page names none")
    language: str | None = Field(default=None, description="where a page names none, as BCP 47")
    answer_headings: tuple[str, ...] = Field(default=(), description="lines above the answers")
    bylines: tuple[str, ...] = Field(
        default=(), description="groups: author, and role and credential where there are any"
    )
    chrome: tuple[str, ...] = Field(default=(), description="lines that are not content")
    defaults: bool = Field(default=True, description="whether the default patterns apply too")
    pins: tuple[Pin, ...] = Field(default=(), description="passages put first for some questions")
    synonyms: tuple[Synonyms, ...] = Field(
        default=(), description='groups ["a", "b"] of equivalents, and one way: "a => b, c"'
    )
    tables: Tables = Field(
        default=Tables(), description="which columns of CSV files and spreadsheets hold what"
    )
    require: tuple[Required, ...] = Field(
        default=(), description="what a document must have to be served"
    )
    stack_exchange: StackExchange = Field(
        default=StackExchange(), description="the site that a dump of Stack Exchange is of"
    )
    risk: float = Field(
        default=0.05, gt=0, lt=1, description="the share of what is shown that may be wrong"
    )

    @field_validator("answer_headings", "bylines", "chrome")
    @classmethod
    def _patterns_compile(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"{value!r} is no regular expression: {error}") from error
        return values

    @field_validator("bylines")
    @classmethod
    def _bylines_name_an_author(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if "author" not in re.compile(value).groupindex:
                raise ValueError(f"{value!r} has no group (?P<author>...)")
        return values

    @field_validator("synonyms", mode="before")
    @classmethod
    def _synonyms_are_groups_or_one_way(cls, values: object) -> tuple[Synonyms, ...]:
        return checked_synonyms(values)

    @field_validator("base")
    @classmethod
    def _base_is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.lower().startswith(_SCHEMES):
            raise ValueError("must begin with https:// or http://")
        return value

    @field_validator("url")
    @classmethod
    def _url_can_be_filled(cls, value: str) -> str:
        try:
            filled = value.format(base="https://x.org", stem="x", name="x.md", id="x")
        except (LookupError, ValueError, AttributeError, TypeError) as error:
            raise ValueError("may hold {base}, {stem}, {name} and {id} only") from error
        # It becomes a link in pages: "javascript:" and the like must never get there.
        if not filled.lower().startswith(_SCHEMES):
            raise ValueError("must begin with {base}, https:// or http://")
        return value

    @property
    def named(self) -> str | None:
        """The site's name, if it was given one."""
        return self.name if "name" in self.model_fields_set else None

    @cached_property
    def answer_heading_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Lines above the answers, this site's own first."""
        return self._compiled(self.answer_headings, patterns.ANSWER_HEADINGS)

    @cached_property
    def byline_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Lines that name an answer's author, this site's own first."""
        return self._compiled(self.bylines, patterns.BYLINES)

    @cached_property
    def chrome_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Lines that are never content, this site's own first."""
        return self._compiled(self.chrome, patterns.CHROME)

    def address(self, name: str, doc_id: str) -> str | None:
        """The public URL of the file ``name`` below the corpus, or None where there is none."""
        if self.base is None and "{base}" in self.url:
            return None
        stem = name.rsplit(".", 1)[0] if "." in name.rsplit("/", 1)[-1] else name
        base = (self.base or "").rstrip("/")
        return self.url.format(base=base, stem=quote(stem), name=quote(name), id=quote(doc_id))

    def _compiled(
        self, own: tuple[str, ...], default: tuple[str, ...]
    ) -> tuple[re.Pattern[str], ...]:
        chosen = own + (default if self.defaults else ())
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in chosen)


def load_profile(corpus: Path) -> SiteProfile:
    """The profile in ``corpus/site.toml``, or the default one where there is no such file.

    Raises:
        ConfigurationError: the file is not TOML, or a field is unknown or wrong.
    """
    path = corpus / PROFILE_NAME
    if not path.exists():
        return SiteProfile()
    try:
        return SiteProfile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}; mend or remove it") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        known = ", ".join(SiteProfile.model_fields)
        raise ConfigurationError(
            f"{path}: {field}: {first['msg']}; the fields are {known}"
        ) from error
