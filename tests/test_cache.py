"""The vector cache: nothing is encoded twice, and no damage to the file is ever an answer."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from groundedqa.encode import CachedEncoder, SentenceRows, Vectors, cache_key, keep_only
from groundedqa.encode.protocol import Span

DIM = 8


class Counted:
    """An encoder whose vectors follow from the text, and that remembers what it was asked."""

    dim = DIM
    window = 64
    special = 2

    def __init__(self, name: str = "counted@1+0", interrupted_after: int | None = None) -> None:
        self.name = name
        self.asked: list[str] = []
        self._left = interrupted_after

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return -self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_with_sentences(texts, [()] * len(texts))[0]

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        if self._left is not None:
            if self._left == 0:
                raise KeyboardInterrupt
            self._left -= 1
        self.asked += texts
        parts = zip(texts, spans, strict=True)
        return vectors_of(texts), [rows_of(text, of_text) for text, of_text in parts]


def vectors_of(texts: Sequence[str]) -> Vectors:
    raw = [np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4") for text in texts]
    values = np.array(raw, dtype=np.float64).reshape(-1, DIM) - 2**31
    unit: Vectors = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
    return unit


def rows_of(text: str, spans: Sequence[Span]) -> SentenceRows:
    rows: SentenceRows = np.rint(127 * vectors_of([text[a:b] for a, b in spans])).astype(np.int8)
    return rows


@contextmanager
def cached(inner: Counted, path: Path, texts_at_once: int = 256) -> Iterator[CachedEncoder]:
    with closing(CachedEncoder(inner, path, texts_at_once=texts_at_once)) as encoder:
        yield encoder


def _encode(path: Path, texts: Sequence[str], name: str = "counted@1+0") -> list[str]:
    """Encode through the cache, check the vectors, and say what had to be encoded."""
    inner = Counted(name)
    with cached(inner, path) as encoder:
        assert np.array_equal(encoder.encode_passages(texts), vectors_of(texts))
    return inner.asked


TEXTS = [f"passage {number}" for number in range(700)]


def test_what_was_encoded_once_is_read_the_next_time_in_whatever_order(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "vectors.sqlite"
    assert _encode(path, TEXTS) == TEXTS
    assert _encode(path, TEXTS[::-1]) == []
    assert _encode(path, [*TEXTS[5:9], "a new one", *TEXTS[:3], "another"]) == [
        "a new one",
        "another",
    ]


def test_the_same_text_twice_in_one_call_has_the_same_vector(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode(path, ["a", "b", "a"])
    assert _encode(path, ["a", "a", "a"]) == []


def test_no_text_is_no_row(tmp_path: Path) -> None:
    with cached(Counted(), tmp_path / "vectors.sqlite") as encoder:
        assert encoder.encode_passages([]).shape == (0, DIM)


def test_another_encoder_reads_nothing_of_the_first_ones(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode(path, TEXTS[:3])
    assert _encode(path, TEXTS[:3], "counted@2+0") == TEXTS[:3]
    assert _encode(path, TEXTS[:3], "counted@1+1") == TEXTS[:3]
    assert _encode(path, TEXTS[:3]) == []
    assert cache_key("ab", "c") != cache_key("a", "bc")


def test_everything_else_is_the_wrapped_encoders_own(tmp_path: Path) -> None:
    with cached(Counted(), tmp_path / "vectors.sqlite") as encoder:
        assert (encoder.name, encoder.dim, encoder.window, encoder.special) == (
            "counted@1+0",
            DIM,
            64,
            2,
        )
        assert encoder.count_tokens(["abc", ""]) == [3, 0]
        assert np.array_equal(encoder.encode_queries(["q"]), -vectors_of(["q"]))


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_an_interrupt_loses_the_batch_that_it_fell_into_and_no_other(
    tmp_path: Path, batches: int
) -> None:
    path = tmp_path / "vectors.sqlite"
    inner = Counted(interrupted_after=batches)
    with cached(inner, path, texts_at_once=10) as encoder, pytest.raises(KeyboardInterrupt):
        encoder.encode_passages(TEXTS[:45])
    assert _encode(path, TEXTS[:45]) == TEXTS[10 * batches : 45]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE vectors SET vector = zeroblob(32) WHERE key = ?",
        "UPDATE vectors SET checksum = checksum + 1 WHERE key = ?",
        "UPDATE vectors SET checksum = 'x' WHERE key = ?",
        "UPDATE vectors SET vector = 'text' WHERE key = ?",
        "UPDATE vectors SET vector = 7 WHERE key = ?",
        "UPDATE vectors SET vector = zeroblob(0), checksum = 0 WHERE key = ?",
        "DELETE FROM vectors WHERE key = ?",
    ],
)
def test_one_damaged_vector_is_made_again_and_the_others_are_read(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode(path, TEXTS[:20])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(damage, (cache_key("counted@1+0", TEXTS[7]),))
    assert _encode(path, TEXTS[:20]) == [TEXTS[7]]
    assert _encode(path, TEXTS[:20]) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(content)
    assert _encode(path, TEXTS[:5]) == TEXTS[:5]
    assert _encode(path, TEXTS[:5]) == []


def test_whatever_byte_is_damaged_the_vectors_are_right(tmp_path: Path) -> None:
    sound = tmp_path / "sound.sqlite"
    texts = TEXTS[:400]
    _encode(sound, texts)
    content = sound.read_bytes()
    # The header, the starts of the pages (what a B-tree hangs on), and a sample of the rest.
    pages = [start + place for start in range(0, len(content), 4096) for place in range(0, 12, 3)]
    places = {*range(0, 112, 3), *pages, *range(0, len(content), 1009)}
    for place in sorted(places):
        path = tmp_path / "damaged.sqlite"
        changed = bytearray(content)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        _encode(path, texts)  # right whatever is found in the file
        _encode(path, [*texts, "and one more"])
        for left in tmp_path.glob("damaged.sqlite*"):
            left.unlink()


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.999])
def test_a_file_that_was_cut_off_costs_the_vectors_and_nothing_else(
    tmp_path: Path, keep: float
) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode(path, TEXTS)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    _encode(path, TEXTS)
    assert _encode(path, TEXTS) == []


def test_what_is_not_kept_is_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode(path, TEXTS)
    gone, stays = TEXTS[::2], TEXTS[1::2]
    assert all(vector.tobytes() in path.read_bytes() for vector in vectors_of(gone[:20]))
    keep_only(path, (cache_key("counted@1+0", text) for text in stays))
    content = path.read_bytes()
    assert not any(vector.tobytes() in content for vector in vectors_of(gone))
    assert not any(cache_key("counted@1+0", text) in content for text in gone)
    assert _encode(path, TEXTS) == gone


def test_keeping_nothing_of_a_cache_that_is_missing_or_damaged_is_no_error(tmp_path: Path) -> None:
    keep_only(tmp_path / "none.sqlite", [b"key"])
    assert not (tmp_path / "none.sqlite").exists()
    path = tmp_path / "vectors.sqlite"
    _encode(path, TEXTS)
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    keep_only(path, [])
    assert not any(vector.tobytes() in path.read_bytes() for vector in vectors_of(TEXTS))


def test_two_processes_worth_of_connections_write_to_one_cache(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    with cached(Counted(), path) as first, cached(Counted(), path) as second:
        first.encode_passages(TEXTS[:10])
        second.encode_passages(TEXTS[5:15])
    assert _encode(path, TEXTS[:15]) == []


SPLIT: list[list[Span]] = [[(0, 7)], [(0, 7), (8, 9)], []]


def _encode_split(path: Path, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[str]:
    """Encode with sentences through the cache, check all, and say what had to be encoded."""
    inner = Counted()
    with cached(inner, path, texts_at_once=2) as encoder:
        vectors, rows = encoder.encode_with_sentences(texts, spans)
    assert np.array_equal(vectors, vectors_of(texts))
    for text, of_text, found in zip(texts, spans, rows, strict=True):
        assert found.dtype == np.int8
        assert found.shape == (len(of_text), DIM)
        assert np.array_equal(found, rows_of(text, of_text))
    return inner.asked


def test_sentences_are_kept_with_their_passage(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    assert _encode_split(path, TEXTS[:3], SPLIT) == TEXTS[:3]
    assert _encode_split(path, TEXTS[:3], SPLIT) == []
    assert _encode_split(path, TEXTS[2::-1], SPLIT[::-1]) == []
    assert _encode(path, [TEXTS[2]]) == []  # a text without sentences is a plain text


def test_other_sentences_of_the_same_text_are_encoded_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode_split(path, TEXTS[:2], SPLIT[:2])
    assert _encode_split(path, TEXTS[:2], [[(0, 7)], [(0, 6), (8, 9)]]) == [TEXTS[1]]
    assert cache_key("a", "b", [(1, 23)]) != cache_key("a", "b", [(12, 3)])


def test_no_text_is_no_row_of_a_sentence_either(tmp_path: Path) -> None:
    assert _encode_split(tmp_path / "vectors.sqlite", [], []) == []


def test_a_passage_whose_sentences_are_damaged_or_not_all_there_is_made_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode_split(path, TEXTS[:2], SPLIT[:2])
    short = vectors_of(TEXTS[1:2]).tobytes()
    damages = [
        ("UPDATE vectors SET vector = vector || x'00' WHERE key = ?", ()),
        (
            f"UPDATE vectors SET vector = x'{short.hex()}', checksum = ? WHERE key = ?",
            (crc32(short),),
        ),
    ]
    for damage, values in damages:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(damage, (*values, cache_key("counted@1+0", TEXTS[1], SPLIT[1])))
        assert _encode_split(path, TEXTS[:2], SPLIT[:2]) == [TEXTS[1]]


def test_sentences_that_are_not_kept_are_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    _encode_split(path, TEXTS[:2], SPLIT[:2])
    row = rows_of(TEXTS[1], SPLIT[1]).tobytes()
    assert row in path.read_bytes()
    keep_only(path, [cache_key("counted@1+0", TEXTS[0], SPLIT[0])])
    assert row not in path.read_bytes()
    assert _encode_split(path, TEXTS[:2], SPLIT[:2]) == [TEXTS[1]]
