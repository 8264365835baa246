"""What stands within a block: words with white space as a browser shows it, breaks, x² and H₂O."""

from __future__ import annotations

import re

from groundedqa.read.html_names import collapsed

_RAISED = str.maketrans("0123456789+-\u2212–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans(
    "0123456789+-\u2212–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
_CAN_RISE = re.compile(r"[0-9+\-\u2212–=()ni]+")
_CAN_SINK = re.compile(r"[0-9+\-\u2212–=()]+|[aehijklmnoprstuvx](?:[0-9]|\b)")
_EXPONENT = re.compile(r"[\w+\-\u2212–=()/*·.,\u03b1-\u03c9 ]{1,40}")
_ORDINAL = re.compile(r"(?i)[a-zéèªº]{2,5}\.?|[aeorsdèªº]|℠|®")
_OPEN_TO_POWER = re.compile(r"(?:\b[a-zA-Z\u03b1-\u03c9]|[0-9)\]])\Z")
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Inline:
    """The text of a block as it comes; ``take`` gives it out and begins anew."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._scripts: list[tuple[str, int]] = []

    def say(self, text: str) -> None:
        """Add words; white space collapses."""
        self._parts.append(collapsed(text))

    def write(self, text: str) -> None:
        """Add what must stay as it is: a formula, a line break."""
        self._parts.append(text)

    def open_script(self, name: str) -> None:
        """Begin a ``sup`` or ``sub``."""
        self._scripts.append((name, len(self._parts)))

    def close_script(self) -> None:
        """End the innermost one."""
        if not self._scripts:
            return
        name, at = self._scripts.pop()
        inner = "".join(self._parts[at:])
        before = next((part for part in reversed(self._parts[:at]) if part), "")
        del self._parts[at:]
        self._parts.append(script_text(name, inner, before))

    def take(self) -> list[str]:
        """The paragraphs said so far, each of one or more lines."""
        if not self._parts:
            return []
        text = "".join(self._parts)
        self._parts.clear()
        self._scripts.clear()
        found = []
        for paragraph in _PARAGRAPHS.split(text):
            lines = (collapsed(line).strip() for line in paragraph.split("\n"))
            if kept := "\n".join(line for line in lines if line):
                found.append(kept)
        return found


def script_text(name: str, inner: str, before: str) -> str:
    """How a ``sup`` or ``sub`` with ``inner`` in it is written after ``before``."""
    text = inner.strip()
    if name == "sub":
        return text.translate(_LOWERED) if _CAN_SINK.fullmatch(text) else inner
    if _CAN_RISE.fullmatch(text) and (text not in ("n", "i") or _OPEN_TO_POWER.search(before)):
        return text.translate(_RAISED)
    power = _EXPONENT.fullmatch(text) and _OPEN_TO_POWER.search(before)
    if not power or (_ORDINAL.fullmatch(text) and (len(text) > 1 or before[-1:].isdecimal())):
        return inner
    return f"^{text}" if len(text) == 1 else f"^({text})"
