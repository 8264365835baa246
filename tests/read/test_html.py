from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.read import Problem, SiteProfile, Source, read_source
from groundedqa.read.dispatch import choose_reader
from groundedqa.read.html import READER
from groundedqa.read.licences import licence_at
from groundedqa.read.raw import RawDocument
from groundedqa.read.table import READERS
from groundedqa.types import Document
from tests.read.html_pages import PAGES, Page
from tests.support.html_mutations import mutated_pages
from tests.support.mutations import check


def raw(tmp_path: Path, page: str | bytes, name: str = "page.html") -> RawDocument:
    path = tmp_path / name
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    (found,) = READER.read(Source(path, name), SiteProfile())
    assert isinstance(found, RawDocument)
    return found


def shown(found: RawDocument) -> str:
    return "\n".join((found.title, *(f"{s.heading}\n{s.text}" for s in found.sections)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_main_text_stays_and_what_is_around_it_goes(tmp_path: Path, page: Page) -> None:
    found = raw(tmp_path, page.html)
    text = shown(found)
    assert [words for words in page.keep if words not in text] == []
    assert [words for words in page.drop if words in text] == []
    assert found.title in page.html
    told = found.beside + " / ".join(each.text for each in found.dropped)
    assert [w for w in page.drop if w not in told and w not in "¶ Sign in to continue"] == []


QUESTION = """{"@context": "https://schema.org", "@graph": [{"@type": "QAPage", "mainEntity": {
 "@type": "Question", "name": "Why is the sky blue?", "text": "I see it <b>every</b> day.",
 "author": {"@type": "Person", "name": "Asker"}, "suggestedAnswer": [
  {"@type": "Answer", "text": "Because of air.", "upvoteCount": 2, "author": {"name": "Bo"}},
  {"@type": "Answer", "text": "<p>Ask at night.</p>", "upvoteCount": "7"}],
 "acceptedAnswer": {"@type": "Answer",
  "text": "<p>Light is <i>scattered</i>.</p><h2>Why</h2>&lt;Waves&gt;.",
  "upvoteCount": 5, "author": {"@type": "Person", "name": "Cy", "url": "https://x.org/cy"}},}}]}"""


def answers(found: RawDocument) -> list[tuple[object, ...]]:
    return [(s.heading, s.level, s.text, s.author, s.votes, s.accepted) for s in found.sections]


def test_a_question_page_in_json_ld_gives_its_answers_the_accepted_one_first(
    tmp_path: Path,
) -> None:
    page = f"""<html><head><title>Sky - Board</title><script type="application/ld+json">{QUESTION}
</script></head><body><nav>Other questions</nav>
<h1>Why is the sky blue?</h1><p>Because of air.</p>"""
    found = raw(tmp_path, page)
    assert (found.kind, found.title) == ("qa", "Why is the sky blue?")
    assert answers(found) == [
        ("", 0, "I see it every day.", None, None, False),
        ("Expert Answers", 1, "Light is scattered.", "Cy", 5, True),
        ("Why", 2, "<Waves>.", None, None, False),
        ("Expert Answers", 1, "Ask at night.", None, 7, False),
        ("Expert Answers", 1, "Because of air.", "Bo", 2, False),
    ]
    assert found.sections[1].author_url == "https://x.org/cy"
    assert found.beside == "Other questions"


def test_a_question_page_in_microdata_keeps_the_form_of_its_answers(tmp_path: Path) -> None:
    page = """<body itemscope itemtype="https://schema.org/QAPage"><div itemprop=mainEntity
      itemscope itemtype="https://schema.org/Question"><h1 itemprop=name><a href=q>What is a
      mole?</a></h1><div itemprop=text><p>In chemistry.</p></div><div
      itemprop=suggestedAnswer itemscope
      itemtype="https://schema.org/Answer"><span itemprop=upvoteCount content=-3></span><div
      itemprop=text><p>An animal.</div></div><div itemprop=acceptedAnswer itemscope
      itemtype="https://schema.org/Answer"><span itemprop=upvoteCount>12</span><div itemprop=text>
      <ul><li>a number: <math><msup><mn>10</mn><mn>23</mn></msup></math><li>of things</ul></div><div
      itemprop=author itemscope><a itemprop=url href="https://x.org/u/1"><span
      itemprop=name>Di</span></a></div></div></div><div>Hot questions</div>"""
    found = raw(tmp_path, page)
    assert found.title == "What is a mole?"
    assert answers(found) == [
        ("", 0, "In chemistry.", None, None, False),
        ("Expert Answers", 1, "- a number: \\(10^{23}\\)\n- of things", "Di", 12, True),
        ("Expert Answers", 1, "An animal.", None, -3, False),
    ]
    assert "Hot questions" in found.beside


def test_a_faq_is_one_document_whose_questions_head_their_answers(tmp_path: Path) -> None:
    page = """<html><head><title>Help</title><script type="application/ld+json">[{
      "@type": ["FAQPage"], "mainEntity": [{"@type": "Question", "name": "May I return it?",
      "acceptedAnswer": {"@type":
      "Answer", "text": "<p>Yes, within a month.</p>"}}, {"@type": "Question", "name": "How?",
      "acceptedAnswer": {"text": "By post."}}]}]</script></head><body><h1>Help</h1>
      <h3>May I return it?</h3><div style="display:none">Yes, within a month.</div></body>"""
    found = raw(tmp_path, page)
    assert (found.kind, found.title) == ("faq", "Help")
    assert [(s.heading, s.level, s.text) for s in found.sections] == [
        ("May I return it?", 2, "Yes, within a month."),
        ("How?", 2, "By post."),
    ]


def test_a_page_says_who_wrote_it_when_where_and_under_which_licence(tmp_path: Path) -> None:
    page = """<html lang="en-GB"><head><title>Moss and stone | Field Notes</title>
      <meta property="og:site_name" content="Field Notes">
      <meta name=keywords content="moss, stone ,">
      <link rel=canonical href="https://notes.example.org/moss"><script type="application/ld+json">
      {"@type": "BlogPosting", "author": [{"name": "Ada Moss"}, {"name": "Bo Stone"}],
       "datePublished": "2023-05-04T10:00:00Z"}</script></head><body><article><p>Moss grows on the
      stone that nobody turns, and it takes its time over it, as everybody knows.</article><footer>
      <a rel=license href="https://creativecommons.org/licenses/by-sa/4.0/">CC</a></footer>"""
    found = raw(tmp_path, page)
    assert found.title == "Moss and stone"
    assert (found.url, found.licence) == ("https://notes.example.org/moss", "CC BY-SA 4.0")
    assert (found.language, found.publisher) == ("en-GB", "Field Notes")
    assert (str(found.published), found.tags) == ("2023-05-04", ("moss", "stone"))
    assert found.sections[0].author == "Ada Moss, Bo Stone"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://creativecommons.org/licenses/by/3.0/de/", "CC BY 3.0 DE"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("https://www.gnu.org/licenses/fdl-1.3.html", "GNU FDL 1.3"),
        ("https://example.org/terms", None),
    ],
)
def test_licences_have_the_names_that_people_know(address: str, name: str | None) -> None:
    assert licence_at(address) == name


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ("<meta charset=iso-8859-1><p>Häuser “zu”".encode("cp1252"), "read as cp1252"),
        ("<meta charset=windows-1251><p>Häuser “zu”".encode(), None),
        ("<p>Häuser “zu”".encode("utf-16"), "read as utf-16-le"),
        ("\ufeff<p>Häuser “zu”".encode(), None),
    ],
)
def test_pages_are_decoded_as_browsers_do(tmp_path: Path, data: bytes, warning: str | None) -> None:
    found = raw(tmp_path, data)
    assert found.sections[0].text == "Häuser “zu”"
    assert found.warnings == ((warning,) if warning else ())


LINKS = "".join(f"<li><a href={n}>Some page number {n}</a>" for n in range(40))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<!doctype html><div id=root></div><script>x</script>", "empty until its scripts run"),
        ("<!doctype html><title>x</title>", "the page holds no text"),
        (f"<!doctype html><ul>{LINKS}</ul>", "a list of links"),
        ("<!doctype html><nav>Some menu or other</nav><footer>and a foot</footer>", "no main text"),
    ],
)
def test_a_page_without_text_is_named_with_its_reason(
    tmp_path: Path, page: str, reason: str
) -> None:
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    events = list(read_source(Source(tmp_path / "a.html", "a.html"), SiteProfile()))
    assert reason in str(events[1])
    assert isinstance(events[1], Problem)


@pytest.mark.parametrize(
    "opening",
    [
        "<!doctype html><title>T</title><main>",
        "<!doctype html>\n<html lang=en>\n<!-- a > b --><head><meta charset=utf-8><title>T</title>"
        "<style>p > a { }</style><script>if (a < b) '<p>'</script></head><article>",
        "<title>T</title><header><nav><a href=/>Home</a></nav></header><main>",
        "<title>T</title><section>",
    ],
)
def test_a_page_may_leave_its_body_tag_out(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"{opening}<h1>T</h1><p>Ants dig long tunnels.</p>", encoding="utf-8")
    events = read_source(Source(path, "a.html"), SiteProfile())
    assert [e.text for e in events if isinstance(e, Document)] == ["Ants dig long tunnels."]


def test_html_is_known_by_its_content() -> None:
    for head in (
        b"<!DOCTYPE HTML>",
        b"\xef\xbb\xbf <!-- x --><html lang=en>",
        b"<?xml version='1'?><html>",
    ):
        assert choose_reader("page.txt", head, (), READERS)[0].name == "html"
    assert choose_reader("a.md", b"# Title\n\n<html>", (), READERS)[0].name == "markdown"


def test_lines_that_the_site_profile_knows_go_and_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><title>T</title><p>Water boils at a hundred degrees.</p>"
        "<p>Lake is better in the app!",
        encoding="utf-8",
    )
    profile = SiteProfile(chrome=("lake is better.*",))
    (found,) = READER.read(Source(tmp_path / "a.html", "a.html"), profile)
    assert isinstance(found, RawDocument)
    assert found.sections[0].text == "Water boils at a hundred degrees."
    assert [(d.rule, d.text) for d in found.dropped] == [
        ("a line of the site profile", "Lake is better in the app!")
    ]


@pytest.mark.unmeasured
def test_three_hundred_mutated_pages_are_read_or_refused(tmp_path: Path) -> None:
    documents = sum(check(tmp_path, ".html", data) for data in mutated_pages(1, 300))
    assert documents > 200  # most must still be read, or the mutations test nothing
