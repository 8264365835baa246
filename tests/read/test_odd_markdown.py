"""Markdown of openings that are never closed: the time grows with the page, not its square.

Each page took minutes once; that the test ends is what it asserts, beside the text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.read import RawDocument, SiteProfile, Source, markdown

SIZE = 200_000


def text_of(tmp_path: Path, page: str) -> str:
    path = tmp_path / "p.md"
    path.write_text(page, encoding="utf-8")
    (raw,) = markdown.READER.read(Source(path, "p.md"), SiteProfile())
    assert isinstance(raw, RawDocument)
    return raw.sections[0].text


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        *(("\\(", "("), ("\\begin{align}\n", "\\begin{align} "), ("<script>\n", "")),
        *(("<!-- ", "<!-- "), ("\\[\n\n", "[\n\n"), ("- $$ a\n", "- $$ a\n")),
        *(("> \\[ a\n\n", "[ a\n\n"), ("- \\begin{align}\n", "- \\begin{align}\n")),
    ],
)
def test_openings_without_an_end_are_read_as_they_stand(
    tmp_path: Path, opening: str, shown: str
) -> None:
    count = SIZE // len(opening)
    text = text_of(tmp_path, "Text.\n\n" + opening * count)
    if opening == "<!-- ":  # what stands in a comment that never ends is shown, as before
        assert text.startswith("Text.")
        return
    assert text.split() == ("Text.\n\n" + shown * count).split()


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("<div><script>a</SCRIPT >b<style>c</style>d<!-- e -->f</div>", "bdf"),
        ("<div><!-- <script> -->a</script>b</div>", "ab"),
        ("<div><script>a<!-- b</script>c --></div>", "c -->"),
        ("<div><script>a <!-- b --> c</div>", "a  c"),
        ("> \\[ a\n\nb \\]", "[ a\n\nb ]"),
        ("\\[ a \\] (1)\n\nb \\(c\\) \\(d", "\\[ a \\] (1)\n\nb \\(c\\) (d"),
        ("> $$ a\n> b $$\n\n$$ c\n\nd $$", "$$ a\nb $$\n\n$$ c\n\nd $$"),
        ("$$a$$ (one)\n\nb", "$$a$$\n\nb"),
        ("\\begin{align*}\n\\end{align}\n\\end{align*}",) * 2,
    ],
)  # fmt: skip
def test_what_is_closed_is_taken_and_what_is_not_stays(
    tmp_path: Path, page: str, wanted: str
) -> None:
    assert text_of(tmp_path, page) == wanted
