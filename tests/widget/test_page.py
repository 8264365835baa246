"""The widget in pages that are not its friends, and in those that are not plain."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.conftest import ROOT
from tests.widget.faked import (
    NODE_MODULES,
    QUESTION,
    SCREENSHOTS,
    SERVICE,
    TAG,
    answer,
    citation,
    document,
    faked,
    keep_picture,
    problem,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser
SCRIPT = '<script>window.hacked = 1</script>"><img src=x onerror="window.hacked = 1">'
BIDI = "\u202egnp.exe\u202c \u2067 \u202e"  # the last two are left open
WORD = "w" * 10_000
HOSTILE = """* { color: red !important; letter-spacing: 9px !important; direction: rtl;
  text-transform: uppercase !important; font: 60px fantasy !important; opacity: 0.999 }
div, p, form, input, button, dialog, ul { display: none !important }
html { font-size: 5px } body { line-height: 0; text-align: right; white-space: nowrap }"""
POLICY = (
    f"default-src 'none'; script-src {SERVICE}; connect-src {SERVICE}; form-action {SERVICE}; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def inside(page: Page, expression: str) -> Any:
    """What this says of the first widget's shadow root, ``root``."""
    return page.evaluate(
        f"(() => {{ const root = document.querySelector('grounded-qa').shadowRoot; "
        f"return {expression}; }})()"
    )


def test_a_hostile_document_is_text_and_widens_nothing(browser: Browser) -> None:
    nasty = citation(
        quote=f"{SCRIPT} {BIDI} {WORD}",
        best_sentence={"text": SCRIPT},
        document=document("x", f"{BIDI}{SCRIPT}"),
        author=SCRIPT,
        role=WORD,
        credential=f"{BIDI}{WORD}",
        link="javascript:window.hacked=1",
        attribution={
            **citation()["attribution"],
            "author": SCRIPT,
            "author_url": "javascript:window.hacked=1",
            "licence": WORD,
            "licence_url": "data:text/html,<script>1</script>",
        },
    )
    with faked(browser, 320, 640) as seen:
        seen.answering = lambda _: (200, answer(citations=[nasty], question=SCRIPT))
        seen.suggested = [SCRIPT, WORD, BIDI]
        seen.open(TAG)
        seen.page.locator("[part=input]").fill("why")
        seen.page.get_by_role("option").first.wait_for()
        assert not scrolls_sideways(seen.page)
        seen.ask(SCRIPT)
        assert not scrolls_sideways(seen.page)
        assert seen.page.evaluate("window.hacked") is None
        assert inside(seen.page, "root.querySelectorAll('img, script, iframe').length") == 0
        assert seen.page.locator("mark").inner_text() == SCRIPT
        assert inside(seen.page, "root.querySelector('blockquote').textContent") == nasty["quote"]
        for name in ("Read it in the page", SCRIPT, WORD):
            links = seen.page.get_by_text(name, exact=True).all()
            assert all(not each.get_attribute("href") for each in links)
        keep_picture(seen.page, "hostile-document-320")
        # What is open in one piece of text closes with it: the buttons' words run as ever.
        assert inside(seen.page, "getComputedStyle(root.querySelector('bdi')).unicodeBidi") == (
            "isolate"
        )


def test_the_style_of_a_page_stays_outside(browser: Browser) -> None:
    asked = "getComputedStyle(root.querySelector('{}'))"
    with faked(browser, 390) as seen:
        seen.open(TAG, head=f"<style>{HOSTILE}</style>")
        seen.ask()
        for part in ("[part=input]", "[part=button]", "blockquote", "[part=status]"):
            found = inside(
                seen.page,
                f"(({{color, letterSpacing, textTransform, fontSize, direction, whiteSpace}}) => "
                f"[color === 'rgb(255, 0, 0)', letterSpacing, textTransform, direction, "
                f"parseFloat(fontSize) >= 14, whiteSpace === 'nowrap'])({asked.format(part)})",
            )
            assert found == [False, "normal", "none", "ltr", True, False], part
        assert seen.page.locator("[part=input]").is_visible()
        keep_picture(seen.page, "hostile-page-390")
        seen.open(TAG, head="<style>grounded-qa::part(mark) { background: rgb(1, 2, 3) }</style>")
        seen.ask()
        assert inside(seen.page, f"{asked.format('mark')}.backgroundColor") == "rgb(1, 2, 3)"


def test_under_the_strictest_policy_nothing_is_refused(browser: Browser) -> None:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    with faked(browser) as seen:
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.open(f"{TAG}", head=meta)
        seen.ask()
        assert inside(seen.page, "getComputedStyle(root.querySelector('mark')).display") == "inline"
        refused = [each for each in seen.complaints if "widget" in each or SERVICE in each]
        assert refused == []


def listeners(session: CDPSession) -> list[str]:
    """The kinds of events that the document listens to."""
    found = session.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
    heard = session.send("DOMDebugger.getEventListeners", {"objectId": found})["listeners"]
    return [each["type"] for each in heard]


def test_removed_and_added_a_thousand_times_it_leaves_nothing_behind(browser: Browser) -> None:
    with faked(browser) as seen:
        seen.open(TAG.replace(">", ' mode="dialog">', 1))
        page = seen.page
        page.get_by_role("button", name="Ask this site").wait_for()
        session = page.context.new_cdp_session(page)
        kept = listeners(session)
        assert kept == ["keydown"]
        page.evaluate(
            """() => { const box = document.querySelector("grounded-qa"), {parentNode} = box;
                 for (let n = 0; n < 1000; n++) { box.remove(); parentNode.append(box); }
                 for (let n = 0; n < 1000; n++) {
                   const other = box.cloneNode(true);
                   parentNode.append(other); other.remove(); } }"""
        )
        assert listeners(session) == kept
        page.keyboard.press("Control+k")
        seen.ask()
        assert len(seen.asked) == 1
        page.evaluate("document.querySelector('grounded-qa').remove()")
        assert listeners(session) == []


def test_two_on_one_page_know_nothing_of_each_other(browser: Browser) -> None:
    def tag(label: str) -> str:
        return f'<grounded-qa src="{SERVICE}" mode="dialog" label="{label}"></grounded-qa>'

    with faked(browser) as seen:
        inline = f'<grounded-qa src="{SERVICE}" label="Here"></grounded-qa>'
        seen.open(tag("First") + tag("Second") + inline)
        page = seen.page
        page.get_by_role("button", name="First").wait_for()
        page.keyboard.press("Control+k")
        opened = "[...document.querySelectorAll('grounded-qa')].map(box => box.isOpen)"
        assert page.evaluate(opened) == [True, False, False]
        page.keyboard.press("Escape")
        page.get_by_role("combobox", name="Here").fill("why")
        page.get_by_role("combobox", name="Here").press("Enter")
        page.locator("mark").wait_for()
        answers = "[...document.querySelectorAll('grounded-qa')].map(box => !!box.answer)"
        assert page.evaluate(answers) == [False, False, True]
        assert violations(page) == []


def test_a_language_comes_in_one_file_and_english_stands_in_for_it(browser: Browser) -> None:
    with faked(browser, 390, color_scheme="dark") as seen:
        for lang, ask, title in (
            ("ar", "اسأل", "عدد المقاطع: 1"),
            ("de-AT", "Fragen", "Gefundene Stellen: 1"),
            ("en_US", "Ask", "Passages found: 1"),  # no tag of a language, so English
        ):
            right = ' dir="rtl"' if lang == "ar" else ""
            seen.open(f"<section{right}>{TAG}</section>", lang=lang)
            seen.page.get_by_role("button", name=ask, exact=True).wait_for()
            seen.ask()
            assert seen.page.locator("[part=status]").inner_text() == title
            assert not scrolls_sideways(seen.page)
            if lang == "ar":
                button, field = (
                    seen.page.locator(f"[part={name}]").bounding_box()
                    for name in ("button", "input")
                )
                assert button
                assert field
                assert button["x"] < field["x"]
                assert violations(seen.page) == []
                keep_picture(seen.page, "rtl-390")
        seen.without = {"fr.json"}
        seen.open(TAG, lang="fr")
        seen.page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_what_was_typed_into_the_form_before_goes_on_in_the_widget(browser: Browser) -> None:
    form = '<form><input name="q" aria-label="Ask us" placeholder="Leaves?"></form>'
    with faked(browser) as seen:
        seen.open(TAG.replace("></", f">{form}</"), script=False)
        page = seen.page
        page.get_by_label("Ask us").press_sequentially("why do")
        page.add_script_tag(url=f"{SERVICE}/widget/grounded-qa.js", type="module")
        field = page.get_by_role("combobox", name="Ask us")
        expect(field).to_be_focused()
        page.keyboard.type(" leaves fall")
        assert field.input_value() == "why do leaves fall"
        assert field.get_attribute("placeholder") == "Leaves?"


def test_in_a_page_of_react_it_comes_and_goes_with_the_state(
    browser: Browser, tmp_path: Path
) -> None:
    made = tmp_path / "page.js"
    subprocess.run(
        [
            *(NODE_MODULES / ".bin" / "esbuild", ROOT / "tests" / "widget" / "react_page.jsx"),
            *("--bundle", "--jsx=automatic", "--minify", f"--outfile={made}"),
            '--define:process.env.NODE_ENV="production"',
            "--log-level=error",
        ],
        check=True,
        env={"NODE_PATH": str(NODE_MODULES)},
    )
    with faked(browser) as seen:
        seen.open("", script=False)
        seen.page.add_script_tag(path=made)
        seen.ask()
        expect(seen.page.locator("#told")).to_have_text(f"answered: {QUESTION}")
        toggle = seen.page.get_by_role("button", name="Toggle")
        toggle.click()
        assert seen.page.locator("grounded-qa").count() == 0
        toggle.click()
        seen.ask("once more")
        assert len(seen.asked) == 2
        assert seen.complaints == []


SHIFTS = """() => { window.shifts = []; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push(entry.value);
}).observe({type: "layout-shift", buffered: true}); }"""


def test_nothing_of_the_page_moves_but_by_the_key_that_asks(browser: Browser) -> None:
    below = "".join(f"<p>Line {number} of what stands below.</p>" for number in range(40))
    place = "<style>grounded-qa{display:block;min-block-size:3.25rem}</style>"
    with faked(browser, 390, 844) as seen:

        def later(_: dict[str, Any]) -> tuple[int, Any]:
            seen.page.wait_for_timeout(700)  # what moves within half a second is the key's
            return 200, answer(citations=[citation()] * 3)

        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Performance.enable")
        seen.open(TAG + below, head=place)
        seen.page.evaluate(SHIFTS)
        seen.answering = later
        seen.ask()
        seen.answering = lambda _: problem(503, "starting")
        seen.ask()
        seen.page.wait_for_timeout(100)
        shifts = seen.page.evaluate("shifts")
        metrics = {
            each["name"]: each["value"]
            for each in session.send("Performance.getMetrics")["metrics"]
        }
        spent = {name: metrics[name] for name in ("ScriptDuration", "LayoutDuration")}
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        report = {"layout_shift": sum(shifts), "seconds_of_the_main_thread": spent}
        (SCREENSHOTS / "widget-report.json").write_text(json.dumps(report), encoding="utf-8")
        assert sum(shifts) == 0
