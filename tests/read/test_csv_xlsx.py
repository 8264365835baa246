"""CSV and XLSX: a row a document, columns by their names or the site's, rows that fail alone."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from groundedqa.clean import clean, clean_line
from groundedqa.read import Notice, Opened, Problem, SiteProfile, Source, read_source
from groundedqa.read.profile_tables import Tables
from groundedqa.types import Document

LAW = settings(derandomize=True, deadline=None, max_examples=100)
PROFILE = SiteProfile()


def events(path: Path, profile: SiteProfile = PROFILE) -> list[object]:
    return list(read_source(Source(path, path.name), profile))


def documents(path: Path, profile: SiteProfile = PROFILE) -> list[Document]:
    return [event for event in events(path, profile) if isinstance(event, Document)]


def problems(path: Path, profile: SiteProfile = PROFILE) -> list[tuple[str, str]]:
    found = (event for event in events(path, profile) if isinstance(event, Problem))
    return [(problem.place, problem.reason) for problem in found]


def notices(path: Path, profile: SiteProfile = PROFILE) -> list[str]:
    return [event.text for event in events(path, profile) if isinstance(event, Notice)]


def table(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def workbook(path: Path, *sheets: list[list[object]], hidden: int = -1) -> Path:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"More {number}")
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(row)
        if number == hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def mapped(**columns: object) -> SiteProfile:
    return SiteProfile(tables=Tables.model_validate(columns))


def test_a_table_with_the_usual_names_needs_no_settings(tmp_path: Path) -> None:
    path = table(
        tmp_path / "faq.csv",
        "ID,Question,Answer,Answered by,Credential,Link,Date,Tags,License,Language,Notes\r\n"
        'q7,Why does it rain?,"Water heaps up.\r\n\r\nThen it falls.",A. Drop,MSc,'
        'https://x.org/r,2026-01-02,"sky; water",CC BY 4.0,en,secret\r\n',
    )
    (made,) = documents(path)
    assert (made.doc_id, made.title, made.kind) == ("q7", "Why does it rain?", "qa")
    assert made.text == "Water heaps up.\n\nThen it falls."
    assert (made.url, made.published) == ("https://x.org/r", date(2026, 1, 2))
    assert (made.tags, made.licence, made.language) == (("sky", "water"), "CC BY 4.0", "en")
    (section,) = made.sections
    assert (section.author, section.credential, section.end) == ("A. Drop", "MSc", len(made.text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'question;answer\nWhy, "so"?;"It; is"\n'),
        ("a.tsv", 'question\tanswer\nWhy, "so"?\tIt; is\n'),
        ("a.csv", 'question|answer\nWhy, "so"?|It; is\n'),
        ("a.csv", b'\xef\xbb\xbfquestion,answer\r\n"Why, ""so""?",It; is'),
        ("a.csv", 'question,answer\r"Why, ""so""?",It; is\r'),
        ("a.csv", 'question;answer\nWhy, "so"?;"It; is"\n'.encode("utf-16")),
        ("a.data", '\nquestion,answer\n\n"Why, ""so""?","It; is"\n'),
    ],
)
def test_delimiter_marks_and_line_ends_are_told_from_the_table(
    tmp_path: Path, name: str, text: str | bytes
) -> None:
    (made,) = documents(table(tmp_path / name, text))
    assert (made.title, made.text) == ('Why, "so"?', "It; is")


def test_the_site_says_which_columns_are_what(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Topic,Reply text,Who,Text\nRain,It falls.,Ann,internal\n")
    profile = mapped(title="topic", answer=["Nowhere", "reply_text"], author="Who", role="Rank")
    profile = SiteProfile(tables=profile.tables.model_copy(update={"text": ("none",)}))
    (made,) = documents(path, profile)
    assert (made.title, made.sections[0].author) == ("Rain", "Ann")
    assert made.text == "internal\n\nIt falls."
    assert notices(path, profile) == [
        'no column is named "none", which site.toml has for text',
        'no column is named "Rank", which site.toml has for role',
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "Alpha,Beta\nx,y\n", 'the columns are "Alpha", "Beta": say in site.toml'),
        ("a.csv", "question,answer\n", "no row stands below the names of the columns"),
        ("a.csv", '"a,b\n', "line 1: a quotation mark is not closed"),
        ("a.csv", "\n \n", "the file is empty"),
        ("a.csv", ",\n,\n", "the table is empty"),
    ],
)
def test_what_is_no_table_of_documents_is_refused_with_the_setting_that_mends_it(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    ((_, said),) = problems(table(tmp_path / name, text))
    assert reason in said


def test_a_broken_row_costs_itself_and_is_named_by_its_line(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        'question,answer,url,date\n"Two\nlines?",Yes.,,\ntoo,few\nN,"a "b",,\n'
        "Bad?,No.,javascript:x,\n"
        "Blank?, ,,\nMany?,a,b,c,d\nDay?,Fine.,,3/4/2026\nTrailing?,Fine too.,,,,\n",
    )
    made = documents(path)
    assert [d.title for d in made] == ["Two lines?", "Day?", "Trailing?"]
    assert made[1].published is None
    assert notices(path) == ['"3/4/2026" is passed over: a day is written as 2026-11-24']
    found = problems(path)
    assert [place for place, _ in found] == ["line 4", "line 5", "line 6", "line 7", "line 8"]
    assert found[0][1].startswith("2 cells where there are 4 columns")
    assert found[1][1].startswith("a quotation mark is not closed")
    assert found[2][1].startswith("wrong cell: url: ")
    assert found[3][1] == "the document holds no text"


def test_answers_in_rows_that_follow_each_other_make_one_page(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        "question,answer,author\nWhy?,One.,Ann\nWhy?,Two.,Bo\nHow?,Three.,Cy\nWhy?,Four.,Di\n",
    )
    made = documents(path)
    assert [(d.title, d.text) for d in made[:2]] == [("Why?", "One.\n\nTwo."), ("How?", "Three.")]
    assert [s.author for s in made[0].sections] == ["Ann", "Bo"]
    assert made[2].doc_id == made[0].doc_id  # the corpus reports it as a duplicate
    changed = table(tmp_path / "a.csv", "author,question,answer\nX,How?,Other.\n")
    assert documents(changed)[0].doc_id == made[1].doc_id  # survives an edit and another order


def test_title_question_and_text_each_have_their_place(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        "title,question,text,answer,author\n"
        "Rain,Why does it rain?,A note.,<p>It <em>falls</em>.</p><ul><li>down</li></ul>,Ann\n"
        f",,{'word ' * 20}.,,Bo\n",
    )
    first, second = documents(path)
    assert first.title == "Rain"
    assert first.text == "Why does it rain?\n\nA note.\n\nIt falls.\n\n- down"
    assert [s.heading for s in first.sections] == ["Question", "Expert Answers"]
    assert (second.title, second.kind) == ("word " * 11 + "word", "article")
    assert [s.author for s in second.sections] == ["Bo"]


def test_a_cell_that_looks_like_another_format_makes_none_of_the_table(tmp_path: Path) -> None:
    text = 'Prompt,Reply\nWhy?,"Expert Answers\n\n# Heading\nIt rains."\n'
    path = table(tmp_path / "a.csv", text)
    assert events(path)[0] == Opened("a.csv", "csv", "content")
    assert [d.title for d in documents(path)] == ["Why?"]


@pytest.mark.parametrize(
    "text",
    [
        "Question, Answer\nThis is prose, of a kind, with commas.\n",
        "| question | answer |\n|---|---|\n| a | b |\n",
        "question | answer\n--- | ---\na | b\n",
        'He said, "well,\n# A heading\n',
        "Why, then?\nExpert Answers\nAnn\nBecause, you see, it is.\n",
    ],
)
def test_what_is_no_table_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    opened = events(table(tmp_path / "a.txt", text))[0]
    assert isinstance(opened, Opened)
    assert opened.reader != "csv"


@LAW
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=12)] * 3),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_in_a_table_survives_as_it_is_cleaned(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "title", "text"))
    writer.writerows((f"r{at}", title, text) for at, (_, title, text) in enumerate(rows))
    path = tmp_path_factory.getbasetemp() / "any.csv"
    made = {
        d.doc_id: d for d in documents(table(path, written.getvalue().encode("utf-8")))
    }  # the rest is a problem, each in its place
    for at, (_, title, text) in enumerate(rows):
        if clean(text.replace("\r\n", "\n").replace("\r", "\n")) and "<" not in title + text:
            document = made[f"r{at}"]
            assert document.text == clean(text.replace("\r\n", "\n").replace("\r", "\n"))
            assert not clean_line(title) or document.title == clean_line(title)


def test_a_spreadsheet_is_read_sheet_by_sheet_without_what_is_hidden(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["Our questions"],
            [],
            ["id", "question", "answer", "date", "tags"],
            [1, "Why?", "It is.\nSo.", datetime(2026, 1, 2), True, "a note beside"],
            [None, None, None],
            [2.0, "How?", 3.5],
            [3, "Broken?", "#REF!"],
        ],
        [["x"], ["secret"]],
        [["Prompt", "Body"], ["Rain", "It falls."]],
        [["Name", "Sum"], ["a", 1]],
        hidden=1,
    )
    first, second, third = documents(path)
    assert (first.doc_id, first.title, first.text) == ("1", "Why?", "It is.\nSo.")
    assert (first.published, first.tags) == (date(2026, 1, 2), ("TRUE",))
    assert (second.doc_id, second.text, third.text) == ("2", "3.5", "It falls.")
    assert notices(path) == ['the sheet "More 1" is hidden, and was left out']
    assert [place for place, _ in problems(path)] == ['sheet "Sheet", row 7', 'sheet "More 3"']


def test_a_spreadsheet_under_any_name_is_one_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.txt", [["Alpha", "Beta"], ["a", "b"]])
    ((_, reason),) = problems(path)
    assert 'the columns are "Alpha", "Beta"' in reason
    assert documents(path, mapped(text="beta", title="alpha"))[0].title == "a"


@pytest.mark.parametrize(
    ("part", "data", "reason"),
    [
        (
            "xl/styles.xml",
            b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "refused: xl/styles.xml declares entities",
        ),
        ("xl/worksheets/sheet1.xml", b" " * (12 << 20), "unpacks to more than 200 times"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>", "a broken s"),
        ("xl/workbook.xml", b"<workbook", "a broken spreadsheet"),
    ],
)
def test_hostile_and_broken_spreadsheets_are_refused_with_the_reason(
    tmp_path: Path, part: str, data: bytes, reason: str
) -> None:
    whole = workbook(tmp_path / "whole.xlsx", [["title", "text"], ["a", "b"]])
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    ((_, said),) = problems(path)
    assert reason in said
