"""The contract of DocumentStore: what goes in comes out, and filters are plain conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import DocumentNotFoundError, SnapshotCorruptError
from groundedqa.index import DocumentStore, SqliteStore, StoreWriter, document_digest
from groundedqa.types import Document, Filters, Page, Passage, Section

Stored = tuple[Passage, str | None]
Opened = Callable[
    [Sequence[Document], Sequence[Stored]], AbstractContextManager[DocumentStore, None]
]
_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=120)


def _write(path: Path, documents: Sequence[Document], passages: Sequence[Stored]) -> None:
    with StoreWriter(path) as writer:
        for document in documents:
            writer.add_document(document)
        writer.add_passages(
            (row, passage, fragment, b"key") for row, (passage, fragment) in enumerate(passages)
        )


@contextmanager
def sqlite_store(
    documents: Sequence[Document], passages: Sequence[Stored]
) -> Iterator[DocumentStore]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "documents.sqlite"
        _write(path, documents, passages)
        store = SqliteStore(path)
        try:
            yield store
        finally:
            store.close()


# Every implementation of DocumentStore joins this list.
STORES = pytest.mark.parametrize("opened", [sqlite_store], ids=["sqlite"])

# Clean text: no control characters and no surrogates, but all of the planes.
_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
_WORD = st.sampled_from(["a", "b", "c's", 'd"', "é", "", "NULL", "日本"])


def _maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values.filter(bool)


@st.composite
def _documents(draw: st.DrawFn) -> list[Document]:
    ids = draw(st.lists(st.sampled_from("ABab12é~"), unique=True, max_size=6))
    documents = []
    for doc_id in ids:
        text = draw(_TEXT)
        authors = draw(st.lists(_maybe(_WORD), max_size=3))
        documents.append(
            Document(
                doc_id=doc_id,
                title=draw(_TEXT),
                text=text,
                kind=draw(st.sampled_from(["qa", "article", "guide"])),
                url=draw(st.none() | st.just("https://example.org/a")),
                licence=draw(_maybe(_WORD)),
                published=draw(st.none() | st.dates(date(2020, 1, 1), date(2020, 2, 9))),
                language=draw(st.sampled_from([None, "en", "de"])),
                tags=tuple(draw(st.lists(_WORD, unique=True, max_size=3))),
                sections=tuple(Section(0, len(text), "H", 2, author) for author in authors),
                pages=(Page(0, len(text), "iv", 6),),
                source=f"{doc_id}.txt",
                source_sha256="0" * 64,
            )
        )
    return documents


def _passages(documents: Sequence[Document]) -> list[Stored]:
    found: list[Stored] = []
    for document in sorted(documents, key=lambda d: d.doc_id):
        for start in range(0, len(document.text), 7):
            end = min(start + 7, len(document.text))
            passage_id = f"{document.doc_id}:{start}"
            text = document.text[start:end]
            fragment = f"#{start}" if start % 2 else None
            found.append((Passage(passage_id, document.doc_id, start, end, text), fragment))
    return found


@pytest.mark.unmeasured
@STORES
@_EXAMPLES
@given(_documents())
def test_documents_and_passages_come_back_as_they_were(
    opened: Opened, documents: list[Document]
) -> None:
    passages = _passages(documents)
    with opened(documents, passages) as store:
        assert [store.document(d.doc_id) for d in documents] == documents
        rows = [*range(len(passages)), *reversed(range(len(passages)))]
        assert store.passages(rows) == [passages[row][0] for row in rows]
        assert [store.fragment(p.passage_id) for p, _ in passages] == [f for _, f in passages]


def _passes(document: Document, filters: Filters) -> bool:
    """The filters in plain words."""
    authors = {section.author for section in document.sections}
    day = document.published
    return all(
        (
            not filters.tags or set(filters.tags) & set(document.tags),
            not filters.kind or document.kind in filters.kind,
            not filters.author or set(filters.author) & authors,
            not filters.language or document.language in filters.language,
            not filters.licence or document.licence in filters.licence,
            not filters.published_from or (day and day >= filters.published_from),
            not filters.published_to or (day and day <= filters.published_to),
        )
    )


_WORDS = st.lists(_WORD, max_size=3).map(tuple)
_DAYS = st.none() | st.dates(date(2019, 12, 30), date(2020, 2, 11))
_FILTERS = st.builds(
    Filters,
    tags=_WORDS,
    kind=st.lists(st.sampled_from(["qa", "article", "other"]), max_size=2).map(tuple),
    author=_WORDS,
    language=st.lists(st.sampled_from(["en", "de", "fr"]), max_size=2).map(tuple),
    licence=_WORDS,
    published_from=_DAYS,
    published_to=_DAYS,
)


@pytest.mark.unmeasured
@STORES
@settings(_EXAMPLES, max_examples=250)
@given(_documents(), _FILTERS, st.sets(st.sampled_from(list(Filters.__slots__)), max_size=3))
def test_rows_are_those_of_the_documents_that_pass_every_filter(
    opened: Opened, documents: list[Document], filters: Filters, kept: set[str]
) -> None:
    # All seven at once leave next to nothing: a few of them, up to three, leave something.
    chosen = Filters(**{name: getattr(filters, name) for name in kept})
    passing = {document.doc_id for document in documents if _passes(document, chosen)}
    passages = _passages(documents)
    with opened(documents, passages) as store:
        rows = store.rows(chosen)
    assert rows.dtype == "int64"
    assert rows.tolist() == [row for row, (p, _) in enumerate(passages) if p.doc_id in passing]


_BASE = Document(
    doc_id="base",
    title="Base",
    text="Some text.",
    kind="qa",
    url=None,
    licence="CC0",
    published=date(2020, 1, 2),
    language="en",
    tags=("x", "y"),
    sections=(Section(0, 10, "", 2, "Ann"), Section(0, 10, "", 2, "Bob")),
    pages=(),
    source="base.txt",
    source_sha256="0" * 64,
)


@STORES
@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(tags=("x",)), True),
        (Filters(tags=("z", "y")), True),
        (Filters(tags=("z",)), False),
        (Filters(tags=("X",)), False),
        (Filters(kind=("qa", "article")), True),
        (Filters(kind=("article",)), False),
        (Filters(author=("Bob",)), True),
        (Filters(author=("bob",)), False),
        (Filters(language=("en",)), True),
        (Filters(language=("de",)), False),
        (Filters(licence=("CC0",)), True),
        (Filters(licence=("CC1",)), False),
        (Filters(published_from=date(2020, 1, 2)), True),
        (Filters(published_from=date(2020, 1, 3)), False),
        (Filters(published_to=date(2020, 1, 2)), True),
        (Filters(published_to=date(2020, 1, 1)), False),
        (Filters(tags=("x",), author=("Ann",), published_to=date(2021, 1, 1)), True),
        (Filters(tags=("x",), author=("Ann",), language=("de",)), False),
        (Filters(tags=("x' OR 1 --",)), False),
    ],
    ids=str,
)
def test_each_field_filters_and_fields_add_up(
    opened: Opened, filters: Filters, passes: bool
) -> None:
    with opened([_BASE], _passages([_BASE])) as store:
        assert store.rows(filters).tolist() == ([0, 1] if passes else [])


@STORES
def test_a_document_without_a_date_is_outside_every_range(opened: Opened) -> None:
    undated = replace(_BASE, published=None)
    with opened([undated], _passages([undated])) as store:
        assert store.rows(Filters(published_from=date(1, 1, 1))).tolist() == []
        assert store.rows(Filters(published_to=date(9999, 12, 31))).tolist() == []


@STORES
def test_a_thousand_passages_in_one_call_and_a_thousand_values_in_one_filter(
    opened: Opened,
) -> None:
    long = replace(_BASE, text="abcdefg" * 2000)
    passages = _passages([long])
    with opened([long], passages) as store:
        rows = list(range(1999, -1, -1))
        assert store.passages(rows) == [passages[row][0] for row in rows]
        many = tuple(f"tag{number}" for number in range(1000))
        assert len(store.rows(Filters(tags=(*many, "x"), author=(*many, "Bob")))) == 2000


@STORES
def test_an_unknown_document_is_named_and_an_unknown_passage_has_no_fragment(
    opened: Opened,
) -> None:
    with opened([], []) as store:
        with pytest.raises(DocumentNotFoundError, match="'nowhere'"):
            store.document("nowhere")
        assert store.fragment("nowhere") is None
        assert store.rows(Filters()).tolist() == []
        assert store.passages([]) == []


@_EXAMPLES
@given(_documents(), st.randoms(use_true_random=False))
def test_the_digest_of_all_documents_does_not_depend_on_the_order_in_which_they_came(
    documents: list[Document], random: Random
) -> None:
    shuffled = list(documents)
    random.shuffle(shuffled)
    digests = []
    for order in (documents, shuffled):
        with TemporaryDirectory() as folder, StoreWriter(Path(folder) / "s.sqlite") as writer:
            for document in order:
                writer.add_document(document)
            digests.append(writer.documents_digest())
            assert [d.doc_id for d in writer.documents()] == sorted(d.doc_id for d in documents)
    assert digests[0] == digests[1]
    assert digests[0][0] == len(documents)


@pytest.mark.parametrize("field", [name for name in Document.__slots__ if name != "pages"])
def test_a_change_in_any_field_changes_the_digest(field: str) -> None:
    changed: dict[str, object] = {
        "published": date(2020, 1, 3),
        "tags": ("x",),
        "sections": (_BASE.sections[0],),
        "url": "https://example.org",
    }
    other = replace(_BASE, **{field: changed.get(field, "changed")})  # type: ignore[arg-type]
    assert document_digest(other) != document_digest(_BASE)


@pytest.mark.parametrize("content", [None, b"", b"no database at all", b"SQLite format 3\0" * 99])
def test_a_file_that_is_no_store_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "documents.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotCorruptError, match=r"documents\.sqlite can't be read"):
        SqliteStore(path)
