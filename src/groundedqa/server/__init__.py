"""The HTTP service: API, pages, limits and following what is published."""

from __future__ import annotations

from groundedqa.server.app import Service, create_app
from groundedqa.server.caller import is_loopback
from groundedqa.server.collections import Collections
from groundedqa.server.gate import Policy
from groundedqa.server.metrics import Metrics
from groundedqa.server.rates import Rates
from groundedqa.server.run import bind, configure_logging, run, run_workers
from groundedqa.server.traces import exported_traces
from groundedqa.server.tutor import run_tutor
from groundedqa.server.voices import Voices

__all__ = [
    "Collections",
    "Metrics",
    "Policy",
    "Rates",
    "Service",
    "Voices",
    "bind",
    "configure_logging",
    "create_app",
    "exported_traces",
    "is_loopback",
    "run",
    "run_tutor",
    "run_workers",
]
