"""From settings to a service that runs: in this process, or in workers that share its socket."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

from groundedqa.ask import Asker, Encoders
from groundedqa.cli.options import collection_of, keys_of, ranking_of
from groundedqa.errors import ConfigurationError
from groundedqa.operate import Database, Keyring
from groundedqa.operate.question_log import QuestionLog
from groundedqa.operate.shown import Shown
from groundedqa.settings import Settings, load_settings
from groundedqa.snapshot import Collection, served

if TYPE_CHECKING:
    from groundedqa.server import Collections, Metrics, Policy, Service, Voices

_APP = "groundedqa.cli.serving:worker_app"
_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # read where the metrics' library is imported: set before
_ADDRESS_RATE = 600  # requests a minute, beyond loopback
_PARENT_EVERY = 0.5  # seconds
_READY_SECONDS = 60.0


def serve(settings: Settings) -> None:
    """Bind, print the page's address, and answer until SIGTERM.

    Raises:
        ConfigurationError: what was set does not go together, or the address can't be had.
    """
    _check_workers(settings)
    with tempfile.TemporaryDirectory(prefix="groundedqa-metrics-") as shared:
        if settings.workers > 1:
            os.environ.setdefault(_SHARED, shared)
        from groundedqa import server

        _check_open(settings)
        collections = collections_of(settings)  # exports a reranker once, before any worker starts
        listening = server.bind(settings.host, settings.port)
        server.configure_logging()
        metrics = server.Metrics()
        if settings.metrics_port is not None:
            taken = metrics.serve(settings.metrics_host, settings.metrics_port)
            print(f"metrics: http://{settings.metrics_host}:{taken}/metrics", file=sys.stderr)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"http://{shown}:{listening.getsockname()[1]}/", flush=True)
        if settings.workers > 1:
            metrics.tell_snapshot(lambda: _published(settings))
            os.environ.update(_variables(settings))
            server.run_workers(_APP, listening, settings.workers)
        else:
            server.run(app_of(settings, collections, metrics), listening)


def app_of(settings: Settings, collections: Collections, metrics: Metrics) -> Service:
    """The service as these settings have it."""
    from groundedqa import server

    return server.create_app(
        collections,
        policy=policy_of(settings),
        metrics=metrics,
        traces=server.exported_traces() if settings.traces else None,
        voices=_voices(settings),
    )


def worker_app() -> Service:
    """One worker's service: its settings come from the environment, and it ends with its parent."""
    from groundedqa import server

    settings = load_settings()
    server.configure_logging()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    collections = collections_of(settings)
    # Until it is ready the others answer: what this one would take, it would have to refuse.
    collections.start(wait=_READY_SECONDS)
    return app_of(settings, collections, server.Metrics())


def collections_of(settings: Settings) -> Collections:
    """The collections of the index, which share their encoders."""
    from groundedqa.server import Collections

    encoders = Encoders(settings.threads)
    ranking = ranking_of(settings)
    default = collection_of(settings).name

    def opened(collection: Collection) -> Asker:
        # A model that is named is the default collection's: others may have been made by another.
        model = settings.model if collection.name == default else None
        return Asker(collection, model=model, encoders=encoders, ranking=ranking)

    megabytes = settings.open_megabytes
    return Collections.of_index(settings.index, opened, default=default, megabytes=megabytes)


def policy_of(settings: Settings) -> Policy:
    """Who is answered, and how many."""
    from groundedqa.server import Policy, Rates, is_loopback

    rate = settings.address_rate
    if rate is None:  # on loopback all come from one address
        beyond = settings.forwarded_hops or not is_loopback(settings.host)
        rate = _ADDRESS_RATE if beyond else 0
    return Policy(
        Keyring(Database(keys_of(settings))),
        settings.pages,
        settings.forwarded_hops,
        settings.collection,
        Shown(keys_of(settings)),
        Rates(rate, settings.limits_url),
        settings.permits,
        settings.cache_megabytes,
    )


def _voices(settings: Settings) -> Voices:
    """What keeps students' feedback, and their questions if that was turned on."""
    from groundedqa.server import Voices

    database, days = keys_of(settings), settings.question_log_days
    return Voices(database, QuestionLog(database, days) if days else None)


def _check_workers(settings: Settings) -> None:
    """Refuse workers that would each count requests alone.

    Raises:
        ConfigurationError: they would, or can't count where it was said.
    """
    if settings.workers > 1 and not settings.limits_url:
        raise ConfigurationError(
            f"--workers {settings.workers} needs --limits-url redis://HOST:PORT/DB, the Redis that "
            "they count requests in together; without it each would let through a key's whole rate"
        )


def _check_open(settings: Settings) -> None:
    """Refuse to answer everyone where that was not said; say so where it was.

    Raises:
        ConfigurationError: everyone would be answered.
    """
    from groundedqa.server import is_loopback

    if Keyring(Database(keys_of(settings))).any() or is_loopback(settings.host):
        return
    if not settings.open:
        raise ConfigurationError(
            f"there is no key, so the service answers on this machine only, not on "
            f"{settings.host}: make a key with: groundedqa keys create, or say --open, which "
            "lets everyone who reaches it ask and read every document"
        )
    print(
        "groundedqa: there is no key: everyone who reaches this address can ask and read every "
        "document in full (--open), until the first key is made",
        file=sys.stderr,
    )


def _published(settings: Settings) -> tuple[str, float]:
    """The snapshot that the workers answer from, and when it was published."""
    found = served(collection_of(settings))
    return found.snapshot, found.published.timestamp()


def _variables(settings: Settings) -> dict[str, str]:
    """The settings as a worker reads them."""
    said = settings.model_dump(exclude_none=True)
    return {f"GROUNDEDQA_{name.upper()}": str(value) for name, value in said.items()}


def _end_with(parent: int) -> None:
    """End this process once its parent has: killed, it could not tell its workers to."""
    while os.getppid() == parent:
        time.sleep(_PARENT_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
