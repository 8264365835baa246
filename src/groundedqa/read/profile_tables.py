"""What ``site.toml`` says of tables: which of their columns holds what."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, field_validator

Columns = tuple[str, ...]


class Tables(BaseModel):
    """The columns of a site's tables by their names; the first of several that is there counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Columns = ()
    title: Columns = ()
    question: Columns = ()
    text: Columns = ()
    answer: Columns = ()
    author: Columns = ()
    role: Columns = ()
    credential: Columns = ()
    url: Columns = ()
    published: Columns = ()
    licence: Columns = ()
    language: Columns = ()
    tags: Columns = ()
    kind: Columns = ()

    @field_validator("*", mode="before")
    @classmethod
    def _one_name_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
