"""Characters that Word stores as places in a font of symbols."""

from __future__ import annotations

_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_CAPITALS = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
# Adobe's Symbol encoding and Microsoft's Wingdings, as far as texts use them: places and signs.
_SIGNS_OF_SYMBOL = (
    "22 ∀ 24 ∃ 27 ∋ 2D − 40 ≅ 5C ∴ 5E ⊥ 7E ∼ A2 ′ A3 ≤ A5 ∞ AB ↔ AC ← AD ↑ AE → AF ↓ B0 ° "
    "B1 ± B2 ″ B3 ≥ B4 × B5 ∝ B6 ∂ B7 • B8 ÷ B9 ≠ BA ≡ BB ≈ BC … C4 ⊗ C5 ⊕ C6 ∅ C7 ∩ C8 ∪ "
    "C9 ⊃ CA ⊇ CC ⊂ CD ⊆ CE ∈ CF ∉ D0 ∠ D1 ∇ D5 ∏ D6 √ D7 ⋅ D8 ¬ D9 ∧ DA ∨ DB ⇔ DC ⇐ DE ⇒ "
    "E5 ∑ F2 ∫"
)
_SIGNS_OF_WINGDINGS = "4A ☺ 4C ☹ 6C ● 6E ■ 71 ❑ A7 ▪ A8 ☐ D8 ➢ DF ← E0 → F0 ⇨ FB ✗ FC ✓ FE ☑"


def _table(pairs: str) -> dict[int, str]:
    parts = pairs.split()
    return {int(parts[at], 16): parts[at + 1] for at in range(0, len(parts), 2)}


_SYMBOL = {
    **{ord("a") + at: letter for at, letter in enumerate(_GREEK)},
    **{ord("A") + at: letter for at, letter in enumerate(_CAPITALS)},
    **_table(_SIGNS_OF_SYMBOL),
}
_WINGDINGS = _table(_SIGNS_OF_WINGDINGS)


def symbol(font: str, code: str) -> str:
    """The character at a place (in hexadecimal) of a font; nothing where no one can tell."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    if not 0 < place <= 0xFFFF:
        return ""
    if 0xF000 <= place <= 0xF0FF:
        place -= 0xF000
    name = font.lower()
    table = _SYMBOL if name == "symbol" else _WINGDINGS if name.startswith("wingding") else None
    if table is None:
        return chr(place) if place >= 0x20 and not 0xD800 <= place <= 0xF8FF else ""
    found = table.get(place)
    if found is None and table is _SYMBOL and 0x20 <= place < 0x40:
        return chr(place)
    return found or ""
