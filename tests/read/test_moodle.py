r"""Moodle's question banks: what is right comes first, and a wrong answer never stands alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.read import Dropped, Event, Notice, Problem, SiteProfile, Source
from groundedqa.read.source import read_source
from groundedqa.types import Document


def question(kind: str, text: str, *parts: str, name: str = "Q1", feedback: str = "") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name><questiontext format="html">'
        f"<text><![CDATA[{text}]]></text></questiontext><generalfeedback format='html'>"
        f"<text><![CDATA[{feedback}]]></text></generalfeedback>{''.join(parts)}</question>"
    )


def answer(share: float, text: str, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{share}" format="html"><text><![CDATA[{text}]]></text>{more}'
        f"<feedback format='html'><text><![CDATA[{feedback}]]></text></feedback></answer>"
    )


CATEGORY = (
    '<question type="category"><category><text>$course$/top/Sea//land/Tides</text></category>'
    "</question>"
)


def events(folder: Path, *questions: str, dropped: list[Dropped] | None = None) -> list[Event]:
    path = folder / "bank.xml"
    path.write_text(f'<?xml version="1.0"?><quiz>{"".join(questions)}</quiz>', encoding="utf-8")
    return list(read_source(Source(path, "bank.xml"), SiteProfile(), dropped))


def only(found: list[Event]) -> Document:
    (document,) = (event for event in found if isinstance(event, Document))
    return document


def test_right_answers_come_first_and_wrong_ones_only_with_what_is_said_of_them(
    tmp_path: Path,
) -> None:
    dropped: list[Dropped] = []
    asked = question(
        "multichoice",
        "<p>What makes the <b>tides</b>? <img src='@@PLUGINFILE@@/a.png'></p>",
        *(answer(0, "Ships"), answer(0, "Wind", "It makes waves."), answer(50, "The Sun")),
        answer(100, "<p>The Moon, as $$F=ma$$</p>", "<p>It pulls.</p>"),
        "<tags><tag><text>sky</text></tag></tags>",
        feedback="<p>See chapter 2.</p>",
    )
    found = events(tmp_path, CATEGORY, asked, dropped=dropped)
    document = only(found)
    assert (document.title, document.kind) == ("What makes the tides?", "qa")
    assert (document.doc_id, document.tags) == ("bank-q1", ("Tides", "sky"))
    assert [(s.heading, document.text[s.start : s.end]) for s in document.sections] == [
        ("Correct answer", "The Moon, as \\[F=ma\\]\n\nIt pulls."),
        ("Feedback", "See chapter 2."),
        *[("Partly correct answers", "The Sun"), ("Wrong answers", "Wind\n\nIt makes waves.")],
    ]
    assert dropped == [Dropped("wrong answer of which nothing is said", "Ships")]
    assert [e.text for e in found if isinstance(e, Notice)] == ["1 of its pictures left out"]


def pair(left: str, right: str) -> str:
    return (
        f"<subquestion format='html'><text>{left}</text><answer><text>{right}</text></answer>"
        "</subquestion>"
    )


@pytest.mark.parametrize(
    ("asked", "title", "text"),
    [
        (
            question("truefalse", "Is it so?", answer(100, "true", "Yes."), answer(0, "false")),
            *("Is it so?", "true\n\nYes."),
        ),
        (
            question("multichoice", "Which?", "<single>false</single>", answer(50, "a")).replace(
                "</question>", answer(50, "b") + answer(-50, "c") + "</question>"
            ),
            *("Which?", "a\n\nb"),
        ),
        (
            question("numerical", "How many?", answer(100, "42", "", "<tolerance>0.5</tolerance>")),
            *("How many?", "42 ± 0.5"),
        ),
        (question("shortanswer", "Who?", answer(100, "Ada")), "Who?", "Ada"),
        (
            question("matching", "Match", pair("a", "1"), pair("b", "2"), pair("", "3")),
            *("Match", "| a | 1 |\n| b | 2 |"),
        ),
        (
            question("cloze", "In {1:SHORTANSWER:%100%1066#ok~1067} they {2:MC:sat~=landed#yes}."),
            *("In ____ they ____.", "In 1066 they landed."),
        ),
        (
            question("ddwtos", "The [[2]] [[1]].", "<dragbox><text>sat</text></dragbox>").replace(
                "</question>", "<dragbox><text>cat</text></dragbox></question>"
            ),
            *("The ____ ____.", "The cat sat."),
        ),
        (question("ordering", "Sort", answer(1, "x"), answer(2, "y")), "Sort", "1. x\n2. y"),
        (
            question("essay", "Why?", "<graderinfo><text>Because.</text></graderinfo>"),
            *("Why?", "Because."),
        ),
        (question("description", "Read <i>this</i>."), "Q1", "Read this."),
    ],
)
def test_each_type_of_question_says_what_is_right(
    tmp_path: Path, asked: str, title: str, text: str
) -> None:
    document = only(events(tmp_path, asked))
    assert (document.title, document.text) == (title, text)


def test_questions_of_one_name_are_told_apart_and_those_without_an_answer_counted(
    tmp_path: Path,
) -> None:
    asked = question("shortanswer", "Who?", answer(100, "Ada"))
    found = events(tmp_path, asked, asked.replace("Ada", "Bo"), question("essay", "Why?"))
    assert [e.doc_id for e in found if isinstance(e, Document)] == ["bank-q1", "bank-q1-2"]
    assert [e.text for e in found if isinstance(e, Notice)] == [
        "1 questions without an answer were left out"
    ]


def test_a_bank_that_is_cut_off_keeps_what_stands_before_and_a_bomb_is_refused(
    tmp_path: Path,
) -> None:
    asked = question("shortanswer", "Who?", answer(100, "Ada"))
    path = tmp_path / "bank.xml"
    for text, reason in (
        (f"<quiz>{asked}{asked[:80]}", "the XML is cut off"),
        (f'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>{asked}</quiz>', "declares entities"),
        ("<quiz></quiz>", "it holds no question that has an answer"),
    ):
        path.write_text(text, encoding="utf-8")
        found = list(read_source(Source(path, "bank.xml"), SiteProfile()))
        assert sum(isinstance(e, Document) for e in found) == ("cut off" in reason)
        assert isinstance(found[-1], Problem)
        assert found[-1].reason.startswith(reason)
