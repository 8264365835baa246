"""Running the service: a socket of its own first, so that a taken port is said in plain words."""

from __future__ import annotations

import errno
import logging
import socket
import sys

import structlog
import uvicorn
from fastapi import FastAPI

from groundedqa.errors import ConfigurationError

_GRACE_SECONDS = 8


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free.

    Raises:
        ConfigurationError: the address can't be had; the message says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"port {port} on {host} is taken; stop what listens there or choose another: "
                f"--port {port + 1}"
            ) from error
        raise ConfigurationError(f"can't listen on {host}:{port}: {error}") from error


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; answers under way are finished first."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # its lines would hold the students' questions
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])


def configure_logging() -> None:
    """One JSON object a line, on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
