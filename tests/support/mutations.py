"""Sources gone wrong: small ones of each format, changed in their bytes and in their structure.

`check` reads one and asserts what holds of every document, whatever its source was.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from groundedqa.clean import clean, clean_line
from groundedqa.index.write_store import document_digest
from groundedqa.read import Notice, Opened, Problem, SiteProfile, Source, read_source
from groundedqa.types import Document

SEEDS = (
    "Why do tides rise twice a day?\n\nExpert Answers\nharbor7 eNotes educator| Certified Educator"
    "\n\nThe sea is pulled on both sides:\n\n    h = 2 \\times 3\n\n- near\n- far\n\n"
    "Start your free trial\n\nreed_9, Ph.D. | Certified Educator\n\nIt is \\(a^2\\) and $5.\n"
    "Cite this page\nAsk a Question\n",
    "What is 6 times 7?\r\n\r\nTop answer\r\nAnn Lee\r\n\r\nStep 1: multiply.\r\n\r\nIt is 42.\r\n",
    '---\ntitle: "Clouds"\nid: c-1\ntags: [sky, "rain"]\ndate: 2026-01-02\nlicence: CC0\nurl: /c\n'
    "author: A. N.\n---\n\n# Clouds\n\nDrops *fall* [here](x.org).[^1]\n\n## "
    "How\n\n| a | b |\n|---|---|"
    "\n| c | $d$ |\n\n\\[ x = 1 \\] (2)\n\n$$\ny\n$$\n\n\\begin{align}\nz\n\\end{align}\n\n"
    "```c\nint i;\n```\n\n1. one\n   - two\n\n> said\n\n<div><!-- no -->é "
    "🌊</div>\n\n[^1]: Ibid.\n",
    '{"_id": "a", "title": "Rain", "text": "Drops fall.", "tags": ["x"], '
    '"published": "2026-02-03"}\n'
    '{"_id": "b/\\u00fc", "answers": [{"author": "h7", "role": "educator", "text": "First."}]}\n'
    '{"_id": 7, "sections": [{"heading": "One", "level": 1, "text": "a"}, '
    '{"heading": "Two", "text": '
    '"b\\n\\nc"}], "licence": "CC0", "language": "en", "kind": "note", "url": "https://x.org"}\n',
)
PIECES = (
    *(
        piece.encode("utf-8", "surrogatepass")
        for piece in (
            *(
                "\\ud800",
                "\\uD83D",
                "\ud800",
                "\\u0000",
                "\0",
                "\ufeff",
                "\u200b",
                "\u202e",
                "\u2028",
            ),
            *(
                "\r",
                "\r\n",
                "\n\n",
                "\n---\n",
                "---\n",
                "    ",
                "\t",
                "\x85",
                "\xad",
                "é",
                "e\u0301",
                "ﬁ",
            ),
            *(
                "\\(",
                "\\)",
                "\\[",
                "\\]",
                "$$",
                "$",
                "\\begin{align}\n",
                "\\end{align}",
                "```\n",
                "<!--",
            ),
            *(
                "-->",
                "<script>",
                "</script >",
                "<br>",
                "&#0;",
                "&#xD800;",
                "&amp;",
                "|",
                "|---|\n",
                "[^1]",
            ),
            *(
                "# ",
                "\n## x\n\n",
                "> ",
                "- ",
                "999999999. ",
                "[",
                "]",
                "{",
                "}",
                '"',
                "\\",
                ":",
                ",",
                "&a *a",
            ),
            *(
                '"kind": ""',
                '"url": "//x"',
                '"published": 2020,',
                "date: 2020\n",
                "id: ..\n",
                "!!int x",
            ),
            *(
                "null",
                "true",
                "-1",
                "1e999",
                "NaN",
                "Expert Answers\n",
                "Answered by x\n",
                "?\n",
                "x " * 90,
            ),
        )
    ),
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x80", b"\xf4\x90\x80\x80", b"[" * 3000, b"> " * 200),
)
SUFFIXES = (".txt", ".md", ".jsonl")
PROFILE = SiteProfile(base="https://x.org", licence="CC0")


def _flip(data: bytearray, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _insert(data: bytearray, rng: random.Random) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = rng.choice(PIECES)


def _cut(data: bytearray, rng: random.Random) -> None:
    start = rng.randint(0, len(data))
    del data[start : start + rng.randint(1, 40)]


def _repeat(data: bytearray, rng: random.Random) -> None:
    start = rng.randint(0, len(data))
    data[start:start] = data[start : start + rng.randint(1, 30)] * rng.randint(1, 20)


def _shuffle_lines(data: bytearray, rng: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    rng.shuffle(lines)
    data[:] = b"\n".join(lines)


def _splice(data: bytearray, rng: random.Random) -> None:
    other = rng.choice(SEEDS).encode()
    data[rng.randint(0, len(data)) :] = other[rng.randint(0, len(other)) :]


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _insert, _insert, _insert, _cut, _repeat, _shuffle_lines, _splice),
)


def mutated(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` sources, each a suffix and its bytes; the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        data = bytearray(rng.choice(SEEDS).encode())
        for _ in range(rng.randint(1, 6)):
            rng.choice(MUTATIONS)(data, rng)
        yield rng.choice(SUFFIXES), bytes(data)


def check(folder: Path, suffix: str, data: bytes) -> int:
    """Assert what holds of whatever ``data`` gives; how many documents those are."""
    path = folder / f"page{suffix}"
    path.write_bytes(data)
    documents = 0
    for event in read_source(Source(path, path.name), PROFILE):
        if isinstance(event, Document):
            documents += 1
            _check_document(event)
        elif isinstance(event, Problem):
            assert event.reason.encode("utf-8")
            # What `read_source` catches as a last net is a fault of a reader all the same.
            assert not event.reason.startswith("can't be read: "), event.reason
        else:
            assert isinstance(event, Opened | Notice)
    return documents


def _check_document(document: Document) -> None:
    assert document.text
    assert clean(document.text) == document.text
    assert re.fullmatch(r"[A-Za-z0-9._:@+=,~-]{1,512}", document.doc_id)
    assert document.doc_id.strip(".")
    for section in document.sections:
        assert 0 <= section.start < section.end <= len(document.text)
        assert document.text[section.start : section.end].strip()
    lines = [document.title, document.kind, document.licence, document.language, *document.tags]
    for section in document.sections:
        lines += [section.heading, section.author, section.role, section.credential]
    assert all(line is None or clean_line(line) == line for line in lines)
    assert document.url is None or re.match(r"(?i)https?://\S+\Z", document.url)
    assert len(document_digest(document)) == 64  # no lone surrogate anywhere
