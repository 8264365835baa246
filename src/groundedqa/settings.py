"""Settings from the environment (``GROUNDEDQA_*``); flags of the command line go before them.

Imported by cli and server alone, and passed on as plain values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from groundedqa.encode import DEFAULT
from groundedqa.errors import ConfigurationError

Pages = Literal["off", "preview", "full"]


class Settings(BaseSettings):
    """Everything that can be set. Each name in capitals after ``GROUNDEDQA_`` is its variable."""

    model_config = SettingsConfigDict(
        env_prefix="GROUNDEDQA_", env_ignore_empty=True, extra="ignore"
    )

    corpus: Path = Field(default=Path("corpus"), description="The folder of pages.")
    index: Path = Field(default=Path("index"), description="The folder of snapshots.")
    collection: str = Field(default="default", description="Which site's index below it.")
    keys: Path | None = Field(
        default=None,
        description="The operator's database; operator.sqlite beside the index by default.",
    )
    model: str | None = Field(
        default=None,
        description=f"A sentence-transformers model by name or folder; builds take {DEFAULT}.",
    )
    passage_tokens: int = Field(
        default=200, ge=16, le=100_000, description="Where a build closes a passage, in tokens."
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="Processor threads for one encoding; all by default.",
    )
    readers: int | None = Field(
        default=None,
        ge=0,
        le=256,
        description="Processes that read a corpus, as many as there are cores by default; 0 reads "
        "in the build's own process, without bounds of time and memory.",
    )
    reranker: str | None = Field(
        default=None,
        description="A sentence-transformers CrossEncoder by name or folder; none by default.",
    )
    rerank_ms: float = Field(
        default=300, ge=0, description="Milliseconds after which the order before it stands."
    )
    host: str = Field(default="127.0.0.1", description="The address to serve on.")
    open: bool = Field(
        default=False, description="Whether to answer everyone beyond loopback without any key."
    )
    pages: Pages | None = Field(
        default=None,
        description="What the service's own pages show; full without keys, and off with any.",
    )
    forwarded_hops: int = Field(
        default=0, ge=0, le=16, description="How many trusted proxies stand before the service."
    )
    port: int = Field(default=8000, ge=0, le=65_535, description="The port; 0 takes a free one.")
    address_rate: int | None = Field(
        default=None,
        ge=0,
        le=10_000_000,
        description="Requests a minute from one address, 0 for any number; 600 beyond loopback.",
    )
    permits: int = Field(
        default=32,
        ge=1,
        le=4096,
        description="How many requests are answered at once; more are refused with 503.",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="Processes that answer; more than one need limits_url."
    )
    limits_url: str | None = Field(
        default=None, description="The Redis that workers count requests in together."
    )
    open_megabytes: int = Field(
        default=4096,
        ge=1,
        description="Beyond so much of open files, collections that nobody asks are closed.",
    )
    cache_megabytes: int = Field(
        default=64, ge=0, le=65_536, description="How much of answers is kept; 0 keeps none."
    )
    question_log_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description="How many days questions are kept, without who asked; 0 keeps none.",
    )
    metrics_host: str = Field(default="127.0.0.1", description="The address of the metrics.")
    metrics_port: int | None = Field(
        default=None, ge=0, le=65_535, description="The port of the metrics; none by default."
    )
    traces: bool = Field(default=False, description="Whether OpenTelemetry traces are sent.")


def load_settings(**flags: Any) -> Settings:
    """The settings, with the flags that were given (those that are not None) in their place.

    Raises:
        ConfigurationError: a value is wrong; the message names the variable, and the flag if the
            command has one.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        flag = f"--{name.replace('_', '-')} or " if name in flags else ""
        raise ConfigurationError(f"{flag}GROUNDEDQA_{name.upper()}: {first['msg']}") from error
