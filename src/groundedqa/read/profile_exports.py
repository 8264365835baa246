"""What ``site.toml`` says of exports: of which site they are, and what of them is shown."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

_HOST = re.compile(r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?")


class StackExchange(BaseModel):
    """The site that a Stack Exchange dump is of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str | None = Field(
        default=None, description='its host, such as "history.stackexchange.com"'
    )
    name: str | None = Field(default=None, description="its name, for citations")

    @field_validator("site")
    @classmethod
    def _site_is_a_host(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host = re.sub(r"(?i)^https?://", "", value.strip()).rstrip("/").lower()
        if not _HOST.fullmatch(host):
            raise ValueError('must be a host, such as "history.stackexchange.com"')
        return host
