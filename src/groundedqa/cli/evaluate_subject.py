"""What `groundedqa evaluate` asks: a snapshot, a service, or a corpus built for the run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundedqa.ask import Asker, Encoders
from groundedqa.build import BuildSettings, build
from groundedqa.cli.options import collection_of, progress_bar, ranking_of
from groundedqa.encode import DEFAULT
from groundedqa.evaluate import AskerSystem, EvaluationData, Outline, System, published_outlines
from groundedqa.read import load_profile, read_corpus
from groundedqa.retrieve import Method
from groundedqa.settings import Settings
from groundedqa.snapshot import Collection
from groundedqa.types import Document


@dataclass(frozen=True, slots=True)
class Subject:
    """What is evaluated; at most one of ``url`` and ``built`` says so, else it is the index.

    ``built`` is a folder of pages, or a corpus.jsonl, that is built for the run alone. ``corpus``
    is the folder that a service was built from, where sections must be resolved by its titles.
    ``method`` and ``dense_weight`` are how scores are fused, in the place of what the tuning says;
    a service keeps its own.
    """

    settings: Settings
    url: str | None = None
    built: Path | None = None
    corpus: Path | None = None
    method: Method = "standard"
    dense_weight: float | None = None

    @property
    def name(self) -> str:
        """In a few words, for the report."""
        if self.url:
            return self.url
        if self.built:
            named = self.built if self.built.is_dir() else self.built.parent
            return named.absolute().name
        return f"{self.settings.index}, {self.settings.collection}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A system, and the outlines of its documents; these are read only when they are needed."""

    system: System
    outlines: Callable[[], Iterable[Outline]]


@contextmanager
def opened(subject: Subject, data: EvaluationData) -> Iterator[Opened]:
    """The subject, ready to be asked.

    Raises:
        GroundedQAError: it can't be built, opened or reached.
    """
    if subject.url:
        with _service(subject.url, subject.corpus, data) as found:
            yield found
        return
    # A reranker is kept where the settings' index is, also for a corpus built for the run.
    ranking = ranking_of(subject.settings, subject.method, subject.dense_weight)
    settings = subject.settings
    if subject.built:
        with _built(subject.built, settings) as collection:
            yield from _asked(
                Asker(collection, encoders=Encoders(settings.threads), ranking=ranking), collection
            )
    else:
        collection = collection_of(settings)
        asker = Asker(
            collection, model=settings.model, encoders=Encoders(settings.threads), ranking=ranking
        )
        yield from _asked(asker, collection)


def _asked(asker: Asker, collection: Collection) -> Iterator[Opened]:
    try:
        yield Opened(AskerSystem(asker), lambda: published_outlines(collection))
    finally:
        asker.close()


@contextmanager
def _service(url: str, corpus: Path | None, data: EvaluationData) -> Iterator[Opened]:
    from groundedqa.evaluate.remote import HttpSystem  # its library takes long to import

    with HttpSystem(url) as service:

        def named() -> Iterator[Outline]:
            """The documents that the qrels name, which are all that a service can be asked for."""
            ids = {name.partition("#")[0] for units in data.qrels.values() for name in units}
            return (found for doc_id in sorted(ids) if (found := service.outline(doc_id)))

        yield Opened(service, lambda: _read(corpus) if corpus else named())


@contextmanager
def _built(source: Path, settings: Settings) -> Iterator[Collection]:
    """A snapshot of a folder of pages, or of one file, that is gone after the run."""
    with tempfile.TemporaryDirectory(prefix="groundedqa-") as name, progress_bar() as tell:
        corpus = source
        if source.is_file():
            corpus = Path(name) / "corpus"
            corpus.mkdir()
            (corpus / source.name).symlink_to(source.resolve())
        collection = Collection(Path(name) / "index")
        chosen = BuildSettings(settings.model or DEFAULT, settings.passage_tokens, settings.threads)
        build(corpus, collection, chosen, progress=tell)
        yield collection


def _read(corpus: Path) -> Iterator[Outline]:
    for event in read_corpus(corpus, load_profile(corpus)):
        if isinstance(event, Document):
            yield Outline.of(event)
