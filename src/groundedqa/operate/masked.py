"""E-mail addresses and telephone numbers taken out of a question before it is kept.

Libraries tell national numbers only by the country, which is not known here; so every number of
seven digits or more goes, but for what students do ask with: years, dates, decimals, round
thousands, lists of small numbers. In doubt a number is masked.
"""

from __future__ import annotations

import re

EMAIL, PHONE = "[e-mail]", "[phone]"
# As it is typed, full-width too, and as people write it to hide it: ann [at] example [dot] org.
_AT = r"(?:[@\uff20]|\s?[\[(]\s?at\s?[\])]\s?)"
_DOT = r"(?:[.\uff0e]|\s?[\[(]\s?dot\s?[\])]\s?)"
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++{_AT}[\w-]+(?:{_DOT}[\w-]+)*", re.IGNORECASE)
# Digits, alone or in groups; a bracket may stand around a group.
_BETWEEN = r"[\s().\-/\u2010-\u2015\u00b7]{1,3}"
_NUMBER = re.compile(rf"(?<!\d)(?<!\d[.,])(?:\+|\(\+?)?\d+(?:{_BETWEEN}\d+)*")
_GROUP = re.compile(r"\d+")
_FEWEST, _LONGEST_GROUP = 7, 19
_USUAL = (
    re.compile(r"[12]\d{3}(?:\D{1,3}[12]\d{3})+"),  # years
    re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}"),  # a date
    re.compile(r"\d{1,2}\.\d+|\d+\.\d{1,3}|\d{5,}\.\d+"),  # a decimal
    re.compile(r"\d{1,3}(?:[ .]\d{3})*(?:[ .]000){2,}|\d{1,2}[ .]\d{3}[ .]000"),  # thousands
)


def masked(question: str) -> str:
    """The question with ``[e-mail]`` and ``[phone]`` where such stood."""
    return _NUMBER.sub(_number, _EMAIL.sub(EMAIL, question))


def _number(found: re.Match[str]) -> str:
    text = found[0]
    lengths = [len(group) for group in _GROUP.findall(text)]
    digits = sum(lengths)
    of_list = digits < 2 * len(lengths) - 1  # mostly single digits: 1 2 3 4 5 6 7
    no_phone = digits < _FEWEST or max(lengths) > _LONGEST_GROUP or of_list
    return text if no_phone or any(form.fullmatch(text) for form in _USUAL) else PHONE
