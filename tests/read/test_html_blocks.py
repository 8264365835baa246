from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.clean import clean
from groundedqa.read.html_blocks import nested, parse_markup, sections_of, sections_of_markup
from groundedqa.read.html_blocks import text_of_markup as text
from groundedqa.read.raw import PAGE_BREAK, RawSection


def test_headings_become_sections_with_their_level_and_the_id_that_leads_to_them() -> None:
    page = """before<h1 id=top>The <b>title</b><a class=headerlink href="#top">¶</a></h1>
      <section id=one><h2>Own wrapping</h2>text</section>
      <a name=old></a><h3>Link target before</h3><p>more
      <h3><a id=in></a>Link target inside <a href="#x">#</a></h3>
      <div id=past>words</div><h2>None</h2>
      <h2></h2><div role=heading aria-level=4>Said to be one</div>"""
    found = [(s.level, s.heading, s.anchor, s.text) for s in sections_of_markup(page)]
    assert found == [
        (0, "", None, "before"),
        (1, "The title", "top", ""),
        (2, "Own wrapping", "one", "text"),
        (3, "Link target before", "old", "more"),
        (3, "Link target inside", "in", "words"),
        (2, "None", None, ""),
        (4, "Said to be one", None, ""),
    ]


def test_blocks_stand_a_blank_line_apart_and_a_paragraph_is_one_line() -> None:
    page = (
        "<p>One\n  line of <b>wo</b>rds<p>a<br>b<br><br>c<blockquote><p>said</blockquote>end<hr>x"
    )
    assert text(page) == "One line of words\n\na\nb\n\nc\n\nsaid\n\nend\n\nx"


def test_lists_keep_their_markers_at_every_depth() -> None:
    page = """<ul><li>one<ol start=3><li>in<li value=7>ner</ol><li><p>two<p>more<pre>x = 1
  y</pre><li>• own</ul><ol reversed><li>a<li>b</ol><ol type=a><li>c<li>d</ol>"""
    assert text(page) == (
        "- one\n3. in\n7. ner\n- two\nmore\n    x = 1\n      y\n• own\n\n2. a\n1. b\n\na. c\nb. d"
    )


def test_a_definition_list_has_a_paragraph_for_each_term() -> None:
    page = "<dl><dt>Mitosis<dd>One division.<dt>Meiosis<dt>Reduction<dd>Two.<dd>Halves.</dl>"
    assert text(page) == "Mitosis\nOne division.\n\nMeiosis\nReduction\nTwo.\nHalves."


def test_a_table_is_rows_that_read_alone_below_its_caption() -> None:
    page = """<table><caption>People</caption><thead><tr><th rowspan=2>Town<th colspan=2>Born</tr>
      <tr><th>boys<th>girls</thead><tfoot><tr><td>All<td>3<td>4</tfoot>
      <tr><td rowspan=2>Ux<td>1<td>2<br>about
      <tr><td>5<td><ul><li>6<li>7</ul><tr><td><td><td></table>"""
    assert text(page) == (
        "People\n\n| Town | Born | Born |\n| Town | boys | girls |\n"
        "| Ux | 1 | 2 about |\n| Ux | 5 | - 6 - 7 |\n| All | 3 | 4 |"
    )


def test_a_table_that_lays_out_a_page_reads_as_prose() -> None:
    assert text("<table><tr><td><p>menu</p></td></tr><tr><td>words</td></tr></table>") == (
        "menu\n\nwords"
    )
    inner = "<table><tr><td>a<td>b</table>"
    page = f"<table><tr><td>left<td><h2>Head</h2>{inner}</table>"
    assert [s.text for s in sections_of_markup(page)] == ["left", "| a | b |"]


def test_code_keeps_its_lines_and_loses_its_line_numbers() -> None:
    page = """<table><tr><td class=gutter><pre>1\n2</pre><td><pre><span>if x:</span>
\ty<br>z</pre></table>"""
    assert text(page) == "    if x:\n        y\n    z"


def test_what_nobody_sees_says_nothing() -> None:
    page = """<p>a<script>no</script><style>no</style><noscript>no</noscript><b hidden>no</b>
      <!--no-->
      <i aria-hidden=true>no</i><i style="color:red;display: none">no</i><template>no</template>
      <textarea>no</textarea><select><option>no</select><svg><text>no</text></svg>b"""
    assert text(page) == "a b"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("x<sup>2</sup> + H<sub>2</sub>O", "x² + H₂O"),
        ("10<sup>-3</sup> and 10<sup>th</sup>", "10⁻³ and 10th"),
        ("e<sup>2x+1</sup>, 2<sup>k</sup>", "e^(2x+1), 2^k"),
        ("V<sub>max</sub>, x<sub>i</sub>", "Vmax, xᵢ"),
        ('word.<sup><a href="#n">[1]</a></sup><sup>2</sup>', "word.[1]²"),
    ],
)
def test_raised_and_lowered_signs_are_not_taken_for_others(page: str, shown: str) -> None:
    assert text(page) == shown


SEMANTICS = (
    '<math{}><semantics><mi>q</mi><annotation encoding="application/x-tex">'
    "{{\\displaystyle x^2}}</annotation></semantics></math>"
)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (SEMANTICS.format(""), r"\(x^2\)"),
        (SEMANTICS.format(" display=block"), r"\[x^2\]"),
        (
            f"<span class=katex><span class=katex-mathml>{SEMANTICS.format('')}</span>"
            "<span class=katex-html aria-hidden=true>x2</span></span>",
            r"\(x^2\)",
        ),
        (
            '<span class="MathJax_Preview">x</span><span class="MathJax"><nobr aria-hidden=true>x2'
            "</nobr><span><math><mi>x</mi></math></span></span>"
            '<script type="math/tex; mode=display">x^2 % why\n+ 1</script>',
            r"\[x^2 + 1\]",
        ),
        (
            "<mjx-container display=true><mjx-math aria-hidden=true>e</mjx-math><mjx-assistive-mml>"
            "<math><msup><mi>e</mi><mi>x</mi></msup></math></mjx-assistive-mml></mjx-container>",
            r"\[e^x\]",
        ),
        (
            f'<span class=mwe-math-element><span style="display:none">{SEMANTICS.format("")}</span>'
            '<img class="mwe-math-fallback-image-inline" alt="{\\displaystyle x^2}"></span>',
            r"\(x^2\)",
        ),
        ('<img class=latex alt="x^2">, <span data-math="y"></span>', r"\(x^2\), \(y\)"),
        ("<span class='math inline'>\\(a\\)</span> $$b$$ \\(c\\)", r"\(a\) $$b$$ \(c\)"),
    ],
)
def test_a_formula_comes_once_as_tex(page: str, shown: str) -> None:
    assert text(page) == shown


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        (
            "<mi>x</mi><mo>=</mo><mfrac><mrow><mo>&minus;</mo><mi>b</mi><mo>±</mo><msqrt><msup><mi>b</mi>"
            "<mn>2</mn></msup><mo>&minus;</mo><mn>4</mn><mi>a</mi><mi>c</mi></msqrt></mrow><mrow><mn>2"
            "</mn><mi>a</mi></mrow></mfrac>",
            r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        ),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
            "</munderover><msub><mi>&alpha;</mi><mi>i</mi></msub><mi>x</mi>",
            r"\sum_{i = 1}^n\alpha_ix",
        ),
        (
            "<mfenced open='[' close=']'><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd>"
            "</mtr><mtr><mtd><mi>x</mi></mtd><mtd><mtext>if so</mtext></mtd></mtr></mtable>"
            "</mfenced>",
            r"[ \begin{matrix} 1 & 0 \\ x & \text{if so} \end{matrix} ]",
        ),
        (
            "<mover><mi>v</mi><mo>→</mo></mover><mo>×</mo><mover><mi>x</mi><mo>¯</mo></mover>",
            r"\vec{v} \times \overline{x}",
        ),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>θ</mi>", r"\sin \theta"),
        (
            "<mroot><mi>x</mi><mn>3</mn></mroot><mo>≤</mo><mn>50</mn><mo>%</mo>",
            r"\sqrt[3]{x} \leq 50\%",
        ),
        (
            "<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><mn>235</mn></mmultiscripts>",
            r"{}_{92}^{235}U",
        ),
    ],
)
def test_mathml_becomes_the_tex_that_a_person_would_write(mathml: str, tex: str) -> None:
    assert text(f"<math>{mathml}</math>") == rf"\({tex}\)"
    namespaced = mathml.replace("</", "</m:").replace("<m", "<m:m").replace("m:m:", "m:")
    assert text(f"<m:math>{namespaced}</m:math>")


def test_an_answer_with_headings_nests_them_below_itself() -> None:
    found = nested(
        sections_of_markup("<p>First.<h1>Why</h1>Because.<h2>How</h2>So."),
        RawSection("", "Expert Answers", 1, "A. Tutor", votes=3),
    )
    assert [(s.heading, s.level, s.author, s.text) for s in found] == [
        ("Expert Answers", 1, "A. Tutor", "First."),
        ("Why", 2, None, "Because."),
        ("How", 3, None, "So."),
    ]


def test_page_breaks_stay_and_what_is_cut_out_is_passed_over() -> None:
    tree = parse_markup(f"<p>one {PAGE_BREAK}two</p><nav>menu</nav> tail")
    nav = tree.find(".//nav")
    assert nav is not None
    assert sections_of(tree, [nav])[0].text == f"one {PAGE_BREAK}two\n\ntail"


TAGS = ["p", "div", "ul", "li", "table", "tr", "td", "h2", "pre", "br", "b", "sup", "math", "dl"]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS]),
            st.text(max_size=8),
        ),
        max_size=40,
    )
)
def test_every_word_comes_out_once_whatever_the_markup(parts: list[str]) -> None:
    page = "".join(f"{part}w{at}w " for at, part in enumerate(parts) if "<" not in part[1:])
    said = " ".join(f"{s.heading} {clean(s.text)}" for s in sections_of_markup(page))
    if "<math" not in page and "<!" not in page and "<?" not in page:
        for at, part in enumerate(parts):
            if part.startswith("<") and part.endswith(">") and "<" not in part[1:]:
                assert said.count(f"w{at}w") >= 1


def test_elements_thousands_deep_are_read() -> None:
    assert "x" in text("<div><ul><li>" * 600 + "x")
