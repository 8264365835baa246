"""The HTTP service: API, pages, limits and following what is published."""

from __future__ import annotations

from groundedqa.server.app import create_app
from groundedqa.server.gate import Policy
from groundedqa.server.run import bind, configure_logging, run

__all__ = ["Policy", "bind", "configure_logging", "create_app", "run"]
