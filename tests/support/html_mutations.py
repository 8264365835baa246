"""Web pages gone wrong: real ones in small, with pieces cut out and splinters put in."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.read.html_pages import PAGES

SPLINTERS = (
    *(b"", b"<", b"</p>", b"<table><tr><td rowspan=99999>", b"<math><mfrac>", b"</div></div>"),
    *(b"<!--", b"\x00\xff", b"<h2>", b"<script>", b'<i itemscope itemprop="text">', b"<pre>"),
    *(b'<script type="application/ld+json">{"@type":"QAPage","mainEntity":[1,{"@type":"Question"',),
    *(b"<ol start=-5 reversed><li value=x>", "\ue000\u2028".encode(), b"<a name=' '><h1>"),
)


def mutated_pages(seed: int, count: int) -> Iterator[bytes]:
    """``count`` pages; the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        page = rng.choice(PAGES).html.encode()
        for _ in range(rng.randint(1, 6)):
            at = rng.randint(0, len(page))
            upto = min(len(page), at + rng.randint(0, 300))
            piece = rng.choice(SPLINTERS) * rng.choice((1, 1, 1, 50))
            page = page[:at] + piece + page[upto:]
        yield page
