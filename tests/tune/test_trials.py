"""Questions that a corpus asks itself: the law of what is taken out, rows, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.tune import Trial, own_trials
from groundedqa.types import Document, Passage, Section

_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=100)
Documents = list[tuple[Document, list[Passage]]]


def document(
    doc_id: str, *texts: str, kind: str = "article", title: str = "", sections: int = 0
) -> tuple[Document, list[Passage]]:
    """A document of these passages; the first ``sections`` of them stand in a section each."""
    whole = "\n\n".join(texts)
    starts = [0, *accumulate(len(text) + 2 for text in texts)][: len(texts)]
    bounds = [(start, start + len(text)) for start, text in zip(starts, texts, strict=True)]
    around = tuple(
        Section(start, end, f"Heading {n}", 2) for n, (start, end) in enumerate(bounds[:sections])
    )
    made = Document(
        doc_id=doc_id,
        title=title,
        text=whole,
        kind=kind,
        url=None,
        licence=None,
        published=None,
        language="en",
        tags=(),
        sections=around,
        pages=(),
        source=doc_id,
        source_sha256="",
    )
    passages = [Passage(f"{doc_id}.{s}-{e}", doc_id, s, e, whole[s:e]) for s, e in bounds]
    return made, passages


def rows_of(documents: Documents) -> list[Passage]:
    return [passage for _, passages in documents for passage in passages]


_SENTENCES = st.lists(
    st.lists(st.sampled_from(["sun", "moon", "tide", "Rome", "of", "is"]), min_size=3, max_size=9)
    .map(" ".join)
    .map(lambda words: words.capitalize() + "."),
    min_size=1,
    max_size=5,
)
_PASSAGES = st.lists(_SENTENCES.map(" ".join), min_size=1, max_size=4)


@st.composite
def _corpora(draw: st.DrawFn) -> Documents:
    found = []
    for number in range(draw(st.integers(0, 6))):
        texts = draw(_PASSAGES)
        kind = draw(st.sampled_from(["qa", "article"]))
        title = draw(st.sampled_from(["", "Tides", "Why is the tide high today?"]))
        sections = draw(st.integers(0, len(texts)))
        found.append(document(f"d{number}", *texts, kind=kind, title=title, sections=sections))
    return found


@_EXAMPLES
@given(_corpora())
def test_what_is_tried_never_holds_the_sentence_that_was_taken_out(documents: Documents) -> None:
    for trial in own_trials(documents, 50):
        if not trial.of_page:
            assert all(trial.question not in text for text in trial.texts)


@_EXAMPLES
@given(_corpora())
def test_rows_are_those_of_the_passages_that_answer_and_no_row_stands_on_both_sides(
    documents: Documents,
) -> None:
    passages = rows_of(documents)
    by_id = {d.doc_id: d for d, _ in documents}
    for trial in own_trials(documents, 50):
        assert len(trial.rows) == len(trial.texts) == len(set(trial.rows))
        assert not set(trial.rows) & set(trial.beside)
        for row, text in zip(trial.rows, trial.texts, strict=True):
            if trial.of_page:
                assert trial.question == by_id[passages[row].doc_id].title
                assert text == passages[row].text
            else:
                assert trial.question in passages[row].text
                assert text.split("\n")[0] == by_id[passages[row].doc_id].title


@_EXAMPLES
@given(_corpora(), st.integers(0, 5))
def test_the_same_corpus_gives_the_same_trials_and_at_most_so_many_of_each_kind(
    documents: Documents, most: int
) -> None:
    def anew() -> Iterator[tuple[Document, list[Passage]]]:
        yield from documents

    found = own_trials(anew(), most)
    assert found == own_trials(anew(), most)
    assert len(found) <= 2 * most


def test_a_question_page_is_tried_with_its_question_and_without_its_title() -> None:
    page = document(
        "p", *(f"Answer {n}." for n in range(10)), kind="qa", title="Why is the sea salt?"
    )
    other = document("a", "Short.")
    [trial] = [trial for trial in own_trials([other, page], 5) if trial.of_page]
    assert trial.question == "Why is the sea salt?"
    assert trial.rows == tuple(range(1, 9))
    assert trial.texts[0] == "Answer 0."
    assert trial.beside == (9, 10)
    assert trial.language == "en"


def test_a_title_of_two_words_asks_nothing() -> None:
    page = document("p", "Salt comes from rocks.", kind="qa", title="The sea")
    assert not [trial for trial in own_trials([page], 5) if trial.of_page]


def test_a_sentence_is_asked_of_its_passage_and_the_rest_of_its_section_counts_for_nothing() -> (
    None
):
    text = "Tides rise twice a day. The Moon pulls the water up on both sides."
    made, passages = document("d", text, "More of the same here.", "Another one.", title="Tides")
    causes = Section(0, len(text) + 20, "Causes", 2)
    trials = own_trials([(replace(made, sections=(causes,)), passages)], 5)
    assert [trial for trial in trials if trial.rows == (0,)] == [
        Trial(
            question="The Moon pulls the water up on both sides.",
            rows=(0,),
            texts=("Tides\nCauses\nTides rise twice a day. ",),
            beside=(1,),
            language="en",
            of_page=False,
        )
    ]


@pytest.mark.parametrize("title", ["", "The Moon pulls the water up."])
def test_a_sentence_that_is_said_twice_asks_nothing(title: str) -> None:
    again = "" if title else " The Moon pulls the water up."
    text = f"Tides rise twice a day. The Moon pulls the water up.{again}"
    assert own_trials([document("d", text, title=title)], 5) == []


def test_where_no_two_sentences_stand_together_words_take_a_sentence_s_place() -> None:
    words = " ".join(f"w{number}" for number in range(18))
    [trial] = own_trials([document("d", words)], 5)
    assert trial.question in ("w6 w7 w8 w9 w10 w11", "w12 w13 w14 w15 w16 w17")
    assert trial.question not in trial.texts[0]


@pytest.mark.parametrize("text", ["", "One.", "No. Yes.", "...", "One two three four."])
def test_a_passage_with_too_little_to_give_is_not_tried(text: str) -> None:
    assert own_trials([document("d", text)], 5) == []
