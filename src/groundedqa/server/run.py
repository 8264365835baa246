"""Running the service: a socket of its own first, so that a taken port is said in plain words."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from structlog.types import Processor
from uvicorn.supervisors import Multiprocess

from groundedqa.errors import ConfigurationError
from groundedqa.server.connection import Connection

_GRACE_SECONDS = 8


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free.

    Raises:
        ConfigurationError: the address can't be had; the message says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once, rather than after the 40 ms of a delayed acknowledgement, only from
    # sockets that name their protocol: socket.create_server() leaves it 0.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"port {port} on {host} is taken; stop what listens there, or name another with "
                "--port (0 takes a free one)"
            ) from error
        raise ConfigurationError(f"can't listen on {host}:{port}: {error}") from error
    return listening


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; answers under way are finished first."""
    uvicorn.Server(_config(app)).run(sockets=[listening])


def run_workers(factory: str, listening: socket.socket, workers: int) -> None:
    """The same in so many processes; one that dies is replaced.

    ``factory`` is ``module:function`` of what makes a worker's app.
    """
    config = _config(factory, factory=True, workers=workers)
    Multiprocess(config, sockets=[listening]).run()


def _config(app: FastAPI | str, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        log_level="warning",
        access_log=False,  # its lines would hold the students' questions
        log_config=None,
        server_header=False,
        proxy_headers=False,  # whose word is taken for an address, the gate decides
        timeout_graceful_shutdown=_GRACE_SECONDS,
        **more,
    )


def configure_logging() -> None:
    """One JSON object a line, on standard error; what libraries log too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    json_lines = structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=json_lines)
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[*shared, json_lines],
        cache_logger_on_first_use=True,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
