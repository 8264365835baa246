"""The characters of MathML and what they are called in TeX."""

from __future__ import annotations

_GREEK = (
    "α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota "
    "κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau "
    "υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi "
    "Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega"
)
_LETTERS = (
    "∞ infty ∅ emptyset ∂ partial ∇ nabla ℓ ell ℏ hbar ℜ Re ℑ Im ℵ aleph ∀ forall ∃ exists "
    "∄ nexists … ldots ⋯ cdots ⋮ vdots ⋱ ddots ′ prime ° circ ∠ angle △ triangle □ square "
    "⊤ top ⊥ perp"
)
_RELATIONS = (
    "≤ leq ⩽ leq ≥ geq ⩾ geq ≠ neq ≈ approx ≅ cong ≡ equiv ∼ sim ≃ simeq ∝ propto ≪ ll ≫ gg "
    "∈ in ∉ notin ∋ ni ⊂ subset ⊆ subseteq ⊃ supset ⊇ supseteq ∥ parallel ∣ mid "
    "→ to ⟶ longrightarrow ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⟹ implies "
    "⇐ Leftarrow ⇔ Leftrightarrow ⟺ iff ↦ mapsto ⇌ rightleftharpoons ↑ uparrow ↓ downarrow "
    "≺ prec ≻ succ ⊢ vdash ⊨ models"
)
_OPERATORS = (
    "± pm ∓ mp × times ÷ div ⋅ cdot · cdot ∙ cdot ∗ ast ∘ circ ∪ cup ∩ cap ∖ setminus ∧ wedge "
    "∨ vee ⊕ oplus ⊗ otimes ⊙ odot"
)
_LARGE = "∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint ∮ oint ⋃ bigcup ⋂ bigcap ⋁ bigvee ⋀ bigwedge"
_OTHER = "¬ neg √ surd ⟨ langle ⟩ rangle 〈 langle 〉 rangle ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ‖ |"


def _table(pairs: str) -> dict[str, str]:
    parts = pairs.split()
    return {parts[at]: "\\" + parts[at + 1] for at in range(0, len(parts), 2)}


LARGE = _table(_LARGE)
# Written with a space on both sides, unless they open a row: "a - b", "-b".
BETWEEN = {
    **_table(_RELATIONS),
    **_table(_OPERATORS),
    **{sign: sign for sign in "=+<>"},
    "-": "-",
    "−": "-",
    "–": "-",
    ":=": ":=",
}
SYMBOLS = {
    **_table(_GREEK),
    **_table(_LETTERS),
    **_table(_OTHER),
    **LARGE,
    **BETWEEN,
    **{c: "\\" + c for c in "{}%#&$_"},
    "\\": "\\backslash",
    "~": "\\sim",
    "^": "\\hat{}",
    "″": "''",
    "∕": "/",
    "⁄": "/",
    # Signs that nobody sees: applied, times, comma, plus; and white space.
    **dict.fromkeys("\u2061\u2062\u2063\u2064\u200b\u2009\u200a\u2002\u2003\xa0\u2060", " "),
}
_FUNCTIONS = (
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf "
    "limsup ln log max min Pr sec sin sinh sup tan tanh"
)
FUNCTIONS = frozenset(_FUNCTIONS.split())
VARIANTS = {
    "bold": "\\mathbf",
    "bold-italic": "\\boldsymbol",
    "double-struck": "\\mathbb",
    "script": "\\mathcal",
    "fraktur": "\\mathfrak",
    "sans-serif": "\\mathsf",
    "monospace": "\\mathtt",
}
OVER = {
    **dict.fromkeys("¯‾_―−-", "\\overline"),
    **dict.fromkeys("^ˆ̂", "\\hat"),
    **dict.fromkeys("~˜∼̃", "\\tilde"),
    **dict.fromkeys("→⇀⃗", "\\vec"),
    **dict.fromkeys("˙.̇", "\\dot"),
    **dict.fromkeys("¨̈", "\\ddot"),
    "⏞": "\\overbrace",
    "︷": "\\overbrace",
    "⌢": "\\widehat",
    "ˇ": "\\check",
    "↔": "\\overleftrightarrow",
}
UNDER = {
    **dict.fromkeys("_¯‾̲―", "\\underline"),
    "⏟": "\\underbrace",
    "︸": "\\underbrace",
}
