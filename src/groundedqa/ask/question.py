"""What may be asked, and how much of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from groundedqa.clean import clean_line
from groundedqa.errors import QuestionError
from groundedqa.index import FACET_FIELDS

LONGEST_QUESTION = 10_000
MOST_CITATIONS = 50
DEFAULT_CITATIONS = 5
MOST_RELATED = 20
_ALLOWED_CONTROLS = "\t\n\r"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of an answer.

    ``risk`` asks for a share of wrong answers below the site's own; ``facets`` names the fields
    whose values are counted.
    """

    k: int = DEFAULT_CITATIONS
    risk: float | None = None
    near_misses: bool = False
    related: int = 0
    facets: tuple[str, ...] = ()


def check_wanted(wanted: Wanted) -> None:
    """Refuse what can't be answered.

    Raises:
        QuestionError: k is not 1 to 50, ``related`` not 0 to 20, the risk no share, or a facet
            unknown.
    """
    if not 1 <= wanted.k <= MOST_CITATIONS:
        raise QuestionError(f"k must be 1 to {MOST_CITATIONS}, not {wanted.k}")
    if not 0 <= wanted.related <= MOST_RELATED:
        raise QuestionError(f"related must be 0 to {MOST_RELATED}, not {wanted.related}")
    if wanted.risk is not None and not 0 < wanted.risk < 1:
        raise QuestionError(f"risk must be above 0 and below 1, not {wanted.risk}")
    for facet in wanted.facets:
        if facet not in FACET_FIELDS:
            known = ", ".join(FACET_FIELDS)
            raise QuestionError(f"{facet!r} is no facet; there are {known}")


def check_question(question: str) -> str:
    """The question as it is encoded: clean, on one line.

    Raises:
        QuestionError: it is blank, longer than 10,000 characters, or holds what no text holds.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question)} characters; at most {LONGEST_QUESTION} are read"
        )
    for character in question:
        control = ord(character) < 0x20 or ord(character) == 0x7F
        if (control and character not in _ALLOWED_CONTROLS) or "\ud800" <= character <= "\udfff":
            raise QuestionError(
                f"the question holds the character U+{ord(character):04X}, which no text holds"
            )
    text = clean_line(question)
    if not text:
        raise QuestionError("the question is blank; it must hold 1 to 10,000 characters")
    return text
