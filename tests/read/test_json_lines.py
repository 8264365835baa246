"""JSON Lines: a document a line, each of which fails alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.read import Broken, Problem, SiteProfile, Source, json_lines, read_source
from groundedqa.types import Document

LAW = settings(derandomize=True, deadline=None, max_examples=150)
GOOD = '{"_id": "a", "title": "A", "text": "Text a."}'


def events(path: Path, data: bytes | str) -> list[Document | Problem]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    found = list(read_source(Source(path, path.name), SiteProfile()))
    return [event for event in found if isinstance(event, Document | Problem)]


def one(tmp_path: Path, **line: object) -> Document:
    (event,) = events(tmp_path / "x.jsonl", json.dumps({"_id": "a", **line}))
    assert isinstance(event, Document), event
    return event


def reason(tmp_path: Path, line: str | bytes) -> str:
    line = line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass")
    first, second, third = events(
        tmp_path / "x.jsonl", b"%s\n%s\n%s" % (GOOD.encode(), line, GOOD.encode())
    )
    assert isinstance(first, Document)
    assert isinstance(second, Problem)
    assert isinstance(third, Document)
    assert second.place == "line 2"
    return second.reason


def test_id_title_and_text_are_enough(tmp_path: Path) -> None:
    made = one(tmp_path, title="Rain", text="Drops  fall.\r\n\r\n\r\nThey do.")
    assert (made.doc_id, made.title, made.text) == ("a", "Rain", "Drops fall.\n\nThey do.")
    assert (made.kind, made.sections, made.url) == ("article", (), None)


def test_all_fields_are_kept(tmp_path: Path) -> None:
    made = one(
        tmp_path, title="Rain", text="Drops.", kind="note", tags=["x", "y"], license="CC0",
        published="2026-02-03T01:02:03Z", lang="en", url="https://x.org/r", author="R. Drop",
        role="editor", unknown={"a": 1},
    )  # fmt: skip
    assert (made.kind, made.tags, made.licence) == ("note", ("x", "y"), "CC0")
    assert (made.published, made.language) == (date(2026, 2, 3), "en")
    assert made.url == "https://x.org/r"
    (section,) = made.sections
    assert (section.author, section.role, section.start, section.end) == ("R. Drop", "editor", 0, 6)


def test_answers_are_sections_with_their_authors(tmp_path: Path) -> None:
    answers = [
        {"text": "First.", "author": "harbor7", "role": "educator", "credential": "MA"},
        {"text": "Second.", "author": "reed_9"},
    ]
    made = one(tmp_path, title="Why?", answers=answers)
    assert (made.kind, made.text) == ("qa", "First.\n\nSecond.")
    assert [(s.author, made.text[s.start : s.end], s.credential) for s in made.sections] == [
        ("harbor7", "First.", "MA"),
        ("reed_9", "Second.", None),
    ]


def test_sections_nest_by_their_level(tmp_path: Path) -> None:
    sections = [
        {"heading": "One", "level": 1, "text": "a"},
        {"heading": "Under", "level": 2, "text": "b"},
        {"heading": "Two", "level": 1, "text": "c"},
    ]
    made = one(tmp_path, title="T", text="Opening.", sections=sections)
    assert made.text == "Opening.\n\na\n\nb\n\nc"
    assert [(s.heading, made.text[s.start : s.end]) for s in made.sections] == [
        ("One", "a\n\nb"),
        ("Under", "b"),
        ("Two", "c"),
    ]


def test_without_a_title_the_first_words_serve(tmp_path: Path) -> None:
    assert one(tmp_path, text=" ".join("abcdefghijklmnop")).title == "a b c d e f g h i j k l"


@pytest.mark.parametrize(("own", "wanted"), [(7, "7"), ("ü/ä", "~C3~BC~2F~C3~A4"), (" x ", "x")])
def test_an_id_of_any_form_is_made_url_safe(tmp_path: Path, own: object, wanted: str) -> None:
    assert one(tmp_path, _id=own, text="t").doc_id == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        *(("{", "not JSON"), ('{"_id": "b"', "not JSON"), ("[1]", "not a JSON object")),
        *(('"text"', "not a JSON object"), ("null", "not a JSON object"), ("\x00", "not JSON")),
        *(("[" * 100_000, "not JSON"), ('{"_id": ' + "9" * 5000 + "}", "not JSON")),
        ('{"text": "no id"}', 'no id; give each line an "_id" of its own'),
        ('{"_id": " ", "text": "x"}', 'no id; give each line an "_id" of its own'),
        ('{"_id": "\\u200b", "text": "x"}', "the id is blank"),
        ('{"_id": "b"}', "the document holds no text"),
        ('{"_id": "b", "text": " \\n"}', "the document holds no text"),
        ('{"_id": "b", "text": "\\u200b"}', "the document holds no text"),
        ('{"_id": "b", "text": ["x"]}', "wrong field: text"),
        ('{"_id": ["b"], "text": "x"}', "wrong field: "),
        ('{"_id": "b", "text": "x", "tags": 3}', "wrong field: tags"),
        ('{"_id": "b", "text": "x", "published": "soon"}', "wrong field: "),
        ('{"_id": "b", "answers": [{"author": "x"}]}', "wrong field: answers.0.text"),
        ('{"_id": "b", "sections": [{"text": "x", "level": -1}]}', "wrong field: sections.0.level"),
        ('{"_id": "b", "text": "x", "url": "javascript:alert(1)"}', "wrong field: url"),
        ('{"_id": "' + "b" * 513 + '", "text": "x"}', "longer than 512"),
    ],
)
def test_a_wrong_line_costs_itself_alone(tmp_path: Path, line: str, wanted: str) -> None:
    assert reason(tmp_path, line).startswith(wanted) or wanted in reason(tmp_path, line)


def test_a_byte_that_is_not_utf8_is_named_by_its_place_in_the_line(tmp_path: Path) -> None:
    assert reason(tmp_path, b'{"_id": "\xff"}') == "not UTF-8 at byte 9 of the line"


def test_half_a_surrogate_pair_costs_at_most_its_own_line(tmp_path: Path) -> None:
    line = '{"_id": "b", "text": "half \\ud83d of it"}\n' + GOOD
    *_, last = events(tmp_path / "x.jsonl", line)
    assert isinstance(last, Document)


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf%s\r\n\r\n%s", b"\n\n%s\n \n%s\n\n", b"%s\n%s", b"%s\n\xef\xbb\xbf%s"]
)
def test_blank_lines_line_ends_and_marks_change_nothing(tmp_path: Path, data: bytes) -> None:
    found = events(tmp_path / "x.jsonl", data % (GOOD.encode(), GOOD.encode()))
    assert [e.text for e in found if isinstance(e, Document)] == ["Text a."] * 2


def test_each_line_has_its_own_digest_whatever_stands_around_it(tmp_path: Path) -> None:
    other = GOOD.replace("Text", "Other")
    alone = events(tmp_path / "x.jsonl", GOOD)
    among = events(tmp_path / "y.jsonl", f"{other}\n\n  {GOOD}\r\n")
    digests = [e.source_sha256 for e in (*alone, *among) if isinstance(e, Document)]
    assert digests[0] == digests[2] != digests[1]


def test_a_line_of_a_megabyte_is_read(tmp_path: Path) -> None:
    text = "Water heaps up. " * 65_000
    assert one(tmp_path, text=text).text == text.strip()


@LAW
@given(st.text(st.characters(codec="utf-8")), st.text(min_size=1))
def test_any_text_survives_as_it_is_cleaned(
    tmp_path_factory: pytest.TempPathFactory, text: str, own_id: str
) -> None:
    from groundedqa.clean import clean, clean_line

    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    (event,) = events(path, json.dumps({"_id": own_id, "title": "T", "text": text}))
    if clean(text) and clean_line(own_id):
        assert isinstance(event, Document)
        assert event.text == clean(text)
    else:
        assert isinstance(event, Problem)


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        *((b'{"a": 1}\nrest', True), (b'\xef\xbb\xbf\n {"a": 1}\n', True), (b'{"a": "x', True)),
        *(
            (b"{}", True),
            (b"{x}\n", False),
            (b'[{"a": 1}]\n', False),
            (b"", False),
            (b"# T", False),
        ),
        (b'{\n  "a": 1\n}\n', False),
    ],
)
def test_json_lines_are_recognised_by_the_first_line(head: bytes, wanted: bool) -> None:
    assert json_lines.recognises(head) is wanted


def test_what_the_reader_itself_yields_for_a_broken_line_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("{\n", encoding="utf-8")
    (broken,) = json_lines.READER.read(Source(path, "x.jsonl"), SiteProfile())
    assert isinstance(broken, Broken)
    assert broken.place == "line 1"


def test_brackets_by_the_thousand_in_the_first_line_are_no_reason_to_stop(tmp_path: Path) -> None:
    line = '{"_id": "a", "x": ' + "[" * 20_000 + "\n"
    assert not json_lines.recognises(line.encode())
    (problem,) = events(tmp_path / "x.jsonl", line)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("not JSON")


@pytest.mark.parametrize("field", ["licence", "kind", "title", "role"])
@pytest.mark.parametrize("bad", ["\ud800", "\0", "\x1b", "\u202e", "\n"])
def test_every_field_is_clean(tmp_path: Path, field: str, bad: str) -> None:
    made = one(tmp_path, **{"text": "t", "author": "x", field: f"a{bad}b"})
    ((section,), whole) = (made.sections, made)
    found = section.role if field == "role" else getattr(whole, field)
    assert found == "a" + {"\ud800": "\ufffd", "\n": " "}.get(bad, "") + "b"


def test_a_field_of_which_nothing_can_be_seen_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    made = one(tmp_path, text="t", kind="\0", licence="\u200b", language=" ")
    assert (made.kind, made.licence, made.language) == ("article", None, None)


@pytest.mark.parametrize("bad", ["\ud800", "\0", "\x7f", "\u2028", " "])
def test_an_address_that_no_browser_could_take_is_refused_by_name(tmp_path: Path, bad: str) -> None:
    line = json.dumps({"_id": "b", "text": "x", "url": f"https://x.org/a{bad}b"})
    assert reason(tmp_path, line).startswith("wrong field: url")


@pytest.mark.parametrize(
    ("given_day", "wanted"),
    [
        *((day, None) for day in ("", " ", None, 2020, "2020", "2020-11")),
        *((day, date(2020, 11, 5)) for day in ("2020-11-05", " 2020-11-05", "2020-11-05 9 am")),
    ],
)
def test_a_day_is_kept_and_what_is_less_than_a_day_is_none(
    tmp_path: Path, given_day: object, wanted: date | None
) -> None:
    assert one(tmp_path, text="t", published=given_day).published == wanted


@pytest.mark.parametrize(
    "day", [86400, 20201105, "20201105", "2020-13", "2020-02-30", "May 2020", 1.5, True, [2020]]
)
def test_what_is_no_day_is_refused_with_the_form_of_one(tmp_path: Path, day: object) -> None:
    said = reason(tmp_path, json.dumps({"_id": "b", "text": "x", "published": day}))
    assert said.endswith("must be a day as 2026-11-24")
