"""The sample corpus and its questions: what they promise to whoever tries or measures with them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from groundedqa.evaluate import load_data
from groundedqa.read import Opened, Problem, load_profile, read_corpus
from groundedqa.types import Document
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
QUESTIONS = ROOT / "benchmarks" / "questions"
SUBJECTS = {
    "history", "literature", "biology", "chemistry", "physics", "economics", "psychology", "civics",
}  # fmt: skip
CHROME = ("reader account", "Free Account", "Ask a Question", "Expert Answers", "Project editor")


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    events = list(read_corpus(CORPUS, load_profile(CORPUS)))
    assert [str(event) for event in events if isinstance(event, Problem)] == []
    return {event.doc_id: event for event in events if isinstance(event, Document)}


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_it_holds_eight_question_pages_and_a_guide_for_each_of_eight_subjects(
    documents: dict[str, Document],
) -> None:
    found = Counter((d.source.split("/")[0], d.kind) for d in documents.values())
    assert found == {(s, kind): n for s in SUBJECTS for kind, n in (("qa", 8), ("guide", 1))}


def test_it_comes_in_the_three_forms_that_the_readers_take() -> None:
    events = read_corpus(CORPUS, load_profile(CORPUS))
    readers = Counter(event.reader for event in events if isinstance(event, Opened))
    assert readers == {"question page": 40, "markdown": 24, "json lines": 8}


def test_every_answer_is_the_editors_and_has_200_to_500_words(
    documents: dict[str, Document],
) -> None:
    for document in documents.values():
        assert document.licence == "CC BY 4.0", document.doc_id
        authored = [section for section in document.sections if section.author]
        assert {section.author for section in authored} == {"groundedqa editors"}, document.doc_id
        if document.kind == "qa":
            words = [len(document.text[s.start : s.end].split()) for s in authored]
            assert all(190 <= count <= 500 for count in words), (document.doc_id, words)


def test_two_pages_of_each_subject_hold_two_answers(documents: dict[str, Document]) -> None:
    answers = {
        d.doc_id: [s.role for s in d.sections if s.author]
        for d in documents.values()
        if d.kind == "qa"
    }
    two = Counter(doc_id.split("--")[0] for doc_id, roles in answers.items() if len(roles) == 2)
    assert two == dict.fromkeys(SUBJECTS, 2)


def test_no_document_holds_the_furniture_of_its_page(documents: dict[str, Document]) -> None:
    for document in documents.values():
        assert not [word for word in CHROME if word in document.text], document.doc_id


def test_there_are_160_questions_and_60_without_an_answer_in_two_halves_that_share_none() -> None:
    halves = [lines(QUESTIONS / half / "queries.jsonl") for half in ("tuning", "test")]
    assert [len(half) for half in halves] == [88, 88]
    without = [lines(QUESTIONS / half / "unanswerable.jsonl") for half in ("tuning", "test")]
    assert sum(map(len, without)) == 72
    kinds = Counter(line["kind"] for half in without for line in half)
    assert kinds == {"same-subject": 40, "swapped": 16, "other-subject": 16}
    every = [plain(line["text"]) for half in (*halves, *without) for line in half]
    assert len(every) == len(set(every)) == 248


def test_each_question_names_a_document_and_the_words_in_it_that_answer(
    documents: dict[str, Document],
) -> None:
    for half in ("tuning", "test"):
        folder = QUESTIONS / half
        data = load_data(folder / "queries.jsonl", folder / "qrels.tsv", folder / "spans.jsonl")
        assert data.queries.keys() == data.qrels.keys() == {s.query_id for s in data.spans}
        quotes = {line["query_id"]: line["quote"] for line in lines(folder / "spans.jsonl")}
        for span in data.spans:
            assert data.qrels[span.query_id] == {span.doc_id: 1}
            text = documents[span.doc_id].text
            assert text[span.start : span.end] == quotes[span.query_id], span.query_id


def test_no_question_stands_in_the_corpus(documents: dict[str, Document]) -> None:
    titles = {plain(document.title) for document in documents.values()}
    texts = " | ".join(plain(document.text) for document in documents.values())
    for file in QUESTIONS.glob("*/*.jsonl"):
        if file.name == "spans.jsonl":
            continue
        for line in lines(file):
            question = plain(line["text"])
            assert question not in titles, line
            assert len(question.split()) < 4 or question not in texts, line
