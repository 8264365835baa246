"""Pages as sites give them, each with what must be read from it, and the laws of the reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundedqa.clean import clean
from groundedqa.errors import SourceError
from groundedqa.read.profile import SiteProfile
from groundedqa.read.question_page import parse, recognises
from groundedqa.read.raw import RawDocument

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))
HEAD = "What is it?\n\nExpert Answers\nharbor7 eNotes educator| Certified Educator\n\n"


def page(text: str) -> RawDocument:
    return parse(clean(text), SiteProfile())


def answer(text: str) -> str:
    (section,) = page(HEAD + text).sections
    return section.text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_its_expected_result_says(path: Path) -> None:
    raw = page(path.read_bytes().decode("utf-8"))
    found = {
        "title": raw.title,
        "answers": [
            {"author": s.author, "role": s.role, "credential": s.credential, "text": s.text}
            for s in raw.sections
        ],
    }
    assert found == json.loads(path.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "seafarer9 Sandbar educator| Certified Educator",
            ("seafarer9", "Sandbar educator", "Certified Educator"),
        ),
        (
            "mwestwood Homework tutor| Verified Tutor",
            ("mwestwood", "Homework tutor", "Verified Tutor"),
        ),
        (
            "Blake Lewis Academy tutor| Licensed Teacher",
            ("Blake Lewis", "Academy tutor", "Licensed Teacher"),
        ),
        (
            "groundedqa editors biology editor| Project editor",
            ("groundedqa editors", "biology editor", "Project editor"),
        ),
    ],
)
def test_any_site_s_role_may_stand_before_the_bar_of_a_byline(
    line: str, expected: tuple[str, str, str]
) -> None:
    (section,) = page(f"Why?\n\nExpert Answers\n{line}\n\nThe Moon pulls the sea.\n").sections
    assert (section.author, section.role, section.credential) == expected
    assert section.text == "The Moon pulls the sea."


def test_there_are_pages_to_read() -> None:
    assert len(PAGES) >= 140


def test_a_reply_button_is_no_answer_heading() -> None:
    assert answer("It is tall.\n\nReply\n") == "It is tall."


@pytest.mark.parametrize("text", ["Yes.", "No", "Yes", "42", "x = 4", "Jane Austen", "H2O"])
def test_a_short_answer_stands_alone_above_an_offer(text: str) -> None:
    assert answer(f"{text}\n\nStart Free Trial\nAsk a Question") == text


@pytest.mark.parametrize(
    "text",
    [
        "Hundreds of thousands of people died.",
        "Firms that offer a free trial win members, and a premium account costs more.",
        "If you subscribe to a membership, you get a discount on a premium account.",
        "Register to vote before the deadline.",
        "So your answer is x = 4",
        "Source: the census of 1851",
        "By contrast, the farm is silent.",
        "Check your answers",
        "Find a community of bacteria in the soil.",
        "Read the eNotes summary of chapter 3.",
        "About the teachers",
        "Teacher comments",
        "Write 5 questions",
        "See the answer above.",
        "Unlock the door, she says.",
        "Get the full answer by adding both sides.",
        "Ask your teacher what could go. Students who cut their essays get better grades.",
    ],
)
def test_words_that_offers_use_too_are_kept_where_they_are_content(text: str) -> None:
    whole = f"First of all, it stands.\n\n{text}\n\nThat is why it does."
    assert answer(f"{whole}\n\nStart Free Trial") == whole


@pytest.mark.parametrize(
    "text",
    [
        "You need to unlock this answer to continue.",
        "Can't find your answer? Ask our educators.",
        "Try it free for 48 hours",
        "Full answer available to members only",
        "(The entire section contains 2 answers and 184 words.)",
    ],
)
def test_an_offer_goes_wherever_it_stands(text: str) -> None:
    own = ("First of all, it stands.", "That is why it does.")
    assert answer("\n\n".join([own[0], text, own[1], text])) == "\n\n".join(own)


def test_an_offer_between_two_paragraphs_goes_and_both_stay() -> None:
    text = "One thing came first.\n\nStart Free Trial\n\nAnother came second.\n\nAsk a Question"
    assert answer(text) == "One thing came first.\n\nAnother came second."


def test_a_byline_may_follow_a_button_on_the_next_line() -> None:
    raw = page(f"{HEAD}It is.\nStart Free Trial\nreed_9 eNotes educator| Certified Educator\n\nNo.")
    assert [(s.author, s.text) for s in raw.sections] == [("harbor7", "It is."), ("reed_9", "No.")]


def test_a_wrapped_paragraph_is_one_line_and_a_list_is_not() -> None:
    wrapped = "The river gave the settlers water and a road and at the\nlast a border too."
    assert answer(wrapped) == wrapped.replace("\n", " ")
    assert answer("Three:\n\nLegislative\nExecutive") == "Three:\n\nLegislative\nExecutive"


def test_without_the_default_patterns_only_the_sites_own_apply() -> None:
    profile = SiteProfile(
        defaults=False,
        answer_headings=("Replies",),
        bylines=(r"@(?P<author>\w+)",),
        chrome=("Buy",),
    )
    raw = parse("What is it?\n\nReplies\n@fox\nIt is.\nBuy\nStart Free Trial", profile)
    assert [(s.author, s.text) for s in raw.sections] == [("fox", "It is.\nStart Free Trial")]


def test_a_page_without_an_answer_says_so() -> None:
    with pytest.raises(SourceError, match="no answer is left"):
        page("What is it?\n\nExpert Answers\n\nStart Free Trial\n")


def test_a_page_is_recognised_by_a_heading_that_names_who_answers() -> None:
    assert recognises(b"What is it?\n\nExpert Answers\nYes.")
    assert not recognises(b"# What is it?\n\nExpert Answers\nYes.")
    assert not recognises(b"A text about the answers of experts.")


SEED = (
    "What did Stalin gain?\n\nExpert Answers\nrrteacher eNotes educator| Certified Educator\n\n"
    "He gained power.\n\n{}\n\nHe kept it.\n\nStart Free Trial\n"
)


@pytest.mark.parametrize("line", ["# add each number to the total", "# 1 reason", "# 1\n\n# 2"])
def test_a_marked_line_within_a_page_makes_no_markdown_of_it(line: str) -> None:
    assert recognises(SEED.format(line).encode())
    assert recognises(("---\n" + SEED.format("Thus.")).encode())
    assert page("---\n" + SEED.format("Thus.")).title == "What did Stalin gain?"


def test_front_matter_and_several_headings_without_a_byline_are_markdown() -> None:
    assert not recognises(b"---\r\ntitle: T\r\n---\r\n" + SEED.format("Thus.").encode())
    assert not recognises(b"Notes\n\n# One\n\nExpert Answers\n\nThey say so.\n\n# Two\n\nNo.")


@pytest.mark.parametrize(
    ("above", "question"),
    [
        ("Home Subjects Ask Log in", "What is opportunity cost?"),
        ("eNotes Homework Help History Stalin", "What did Stalin gain?"),
        ("Homework Help, History, World War II", "Why did the Allies win the Second World War?"),
    ],
)
def test_a_row_of_links_is_no_title_above_a_question(above: str, question: str) -> None:
    assert page(f"{above}\n\n{question}\n\nExpert Answers\n\nIt is so.").title == question


@pytest.mark.parametrize(
    ("line", "author", "credential"),
    [
        ("dstuva | In Training Educator", "dstuva", "In Training Educator"),
        ("pohnpei397 | Valedictorian", "pohnpei397", "Valedictorian"),
        ("pohnpei397 | Salutatorian", "pohnpei397", "Salutatorian"),
        ("@maria", "@maria", None),
        ("@tom_k", "@tom_k", None),
        ("Written by Dr. Ann Lee on March 3, 2020 | 4 min read", "Dr. Ann Lee", None),
    ],
)
def test_a_second_answer_is_never_given_to_the_first_author(
    line: str, author: str, credential: str | None
) -> None:
    second = "The second answer has words of its own."
    raw = page(f"{HEAD}The first stands here.\n\n{line}\n\n{second}\n\nStart Free Trial")
    assert [(s.author, s.text) for s in raw.sections] == [
        ("harbor7", "The first stands here."),
        (author, second),
    ]
    assert raw.sections[1].credential == credential


@pytest.mark.parametrize(
    "line",
    [
        "Add your answer and earn points.",
        "This answer has been confirmed as correct and helpful.",
        "Learn this topic by watching",
        "Hire a tutor from $12 an hour",
        "Your answer is one click away. Start studying smarter.",
        "Try it for 48 hours",
        "Need more? Go unlimited.",
    ],
)
def test_an_offer_at_the_end_goes_with_what_stands_below_it(line: str) -> None:
    assert answer(f"The first stands here.\n\n{line}\n\nStart Free Trial") == (
        "The first stands here."
    )


def test_counts_and_photos_in_the_block_of_a_byline_are_no_answer() -> None:
    raw = page(
        "What is it?\n\nExpert Answers\n\nDr. Ann Lee\n3,112 answers | Ph.D.\n\nIt is so.\n\n"
        "Reply\nTom Reed\nProfile photo of Tom Reed\nCertified Educator | 1,204 answers\n\nNo."
    )
    assert [(s.author, s.credential, s.text) for s in raw.sections] == [
        ("Dr. Ann Lee", "Ph.D.", "It is so."),
        ("Tom Reed", "Certified Educator", "No."),
    ]
