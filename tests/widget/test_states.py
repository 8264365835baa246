"""Each state of the widget, as a student meets it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.widget.faked import (
    QUESTION,
    SERVICE,
    SITE,
    TAG,
    Answering,
    abstention,
    answer,
    citation,
    faked,
    keep_picture,
    problem,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser
WINDOWS = [
    pytest.param(390, 844, "dark", id="phone-dark"),
    pytest.param(1280, 800, "light", id="desktop-light"),
]
PICTURED = ("answer", "preview", "abstention", "limit")  # the others have other words
STATES: dict[str, tuple[tuple[int, Any], str]] = {
    "answer": ((200, answer()), "Passages found: 1"),
    "preview": (
        (200, answer(preview=True, citations=[citation(), citation(quote="")])),
        "Passages found: 2",
    ),
    "abstention": (
        (200, abstention()),
        "This site does not hold the answer. Try other words, or a narrower question.",
    ),
    "unknown-words": (
        (200, abstention("unknown_words")),
        "This site does not hold the answer. None of its pages has a word of your question: check "
        "the spelling.",
    ),
    "offline": ((0, None), "The search can’t be reached. Your question is still here."),
    "limit": (
        problem(429, "too many", "12"),
        "That was a lot of questions. Try again in 12 seconds.",
    ),
    "busy": (problem(503, "starting"), "The search is busy. Try again in a moment."),
    "refused": (problem(401, "no key"), "The search takes no questions from this page."),
    "question": (problem(422, "too long"), "This question can’t be read. Try a shorter one."),
    "failed": (problem(500, "a fault"), "Something went wrong."),
}


def saying(said: tuple[int, Any]) -> Answering:
    return lambda _: (said[0], dict(said[1] or {}))


@pytest.mark.parametrize(("width", "height", "scheme"), WINDOWS)
def test_every_state_is_told_plainly_and_has_no_violation_of_axe(
    browser: Browser, width: int, height: int, scheme: str
) -> None:
    with faked(browser, width, height, color_scheme=scheme) as seen:
        seen.open(TAG)
        # In the second window those that differ in more than their words.
        for name in STATES if scheme == "dark" else ("answer", "limit"):
            said, told = STATES[name]
            seen.answering = saying(said)
            seen.ask()
            assert seen.page.locator("[part=status]").inner_text() == told, name
            retries = seen.page.get_by_role("button", name="Try again").count()
            assert retries == (name in ("offline", "limit", "busy", "failed")), name
            if name in PICTURED:
                keep_picture(seen.page, f"{name}-{width}")
            assert violations(seen.page) == [], name
            assert not scrolls_sideways(seen.page), name
        seen.page.locator("[part=input]").fill("why")
        seen.page.locator("[part=input]").press("End")
        seen.page.get_by_role("option").first.wait_for()
        seen.page.keyboard.press("ArrowDown")
        keep_picture(seen.page, f"suggestions-{width}")
        assert violations(seen.page) == []
        assert seen.complaints == []


@pytest.mark.parametrize(("width", "height", "scheme"), WINDOWS)
def test_the_dialog_opens_and_closes_by_keyboard_and_gives_the_focus_back(
    browser: Browser, width: int, height: int, scheme: str
) -> None:
    with faked(browser, width, height, color_scheme=scheme) as seen:
        seen.open(TAG.replace(">", ' mode="dialog">', 1) + "<p>" + "Leaves. " * 200)
        page = seen.page
        opener = page.get_by_role("button", name="Ask this site")
        keep_picture(page, f"opener-{width}")
        opener.focus()
        page.keyboard.press("k")  # alone it is a letter
        assert not page.locator("dialog").is_visible()
        page.keyboard.press("Control+k")
        expect(page.locator("[part=input]")).to_be_focused()
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        page.locator("mark").wait_for()
        keep_picture(page, f"dialog-{width}")
        assert violations(page) == []
        page.keyboard.press("Control+k")
        expect(page.locator("dialog")).to_be_hidden()
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()


def test_an_answer_shows_everything_that_is_owed_and_every_target_is_large(
    browser: Browser,
) -> None:
    with faked(browser, 390) as seen:
        seen.open(TAG)
        seen.ask()
        page = seen.page
        shown = page.locator("[part=citation]").inner_text()
        for text in (
            *("Chosen by this site", "Why do leaves turn yellow in autumn?", "Ada Ferreira"),
            *("botany teacher", "MSc Plant Science", "page 12", "January 31, 2026"),
            *("Lakeside Questions", "CC BY 4.0", "Also at Autumn, a guide"),
        ):
            assert text in shown
        assert page.locator("blockquote").inner_text() == citation()["quote"]
        assert page.locator("mark").all_inner_texts() == [citation()["best_sentence"]["text"]]
        read = page.get_by_role("link", name="Read it in the page")
        assert read.get_attribute("href") == citation()["link"]
        also = page.get_by_role("link", name="Autumn, a guide")
        assert also.get_attribute("href") == f"{SERVICE}/documents/copy"
        sizes = page.evaluate(
            """[...document.querySelector("grounded-qa").shadowRoot.querySelectorAll(
                 "button, [part=open], input")].map(e => e.getBoundingClientRect().height)"""
        )
        assert min(sizes) >= 44


def test_a_retry_asks_again_and_a_slow_answer_is_told_of(browser: Browser) -> None:
    with faked(browser) as seen:
        seen.page.clock.install()
        seen.open(TAG)
        seen.answering = lambda _: (0, None)
        seen.ask()
        status = seen.page.locator("[part=status]")

        def later(_: dict[str, Any]) -> tuple[int, Any]:
            expect(status).to_have_text("Looking…")
            seen.page.clock.fast_forward(3100)
            return 200, answer()

        seen.page.evaluate(
            """() => { window.said = []; new MutationObserver(() => said.push(
                 document.querySelector("grounded-qa").shadowRoot
                   .querySelector("[part=status]").textContent))
               .observe(document.querySelector("grounded-qa").shadowRoot,
                        {subtree: true, childList: true}); }"""
        )
        seen.answering = later
        seen.page.get_by_role("button", name="Try again").click()
        expect(status).to_have_text("Passages found: 1")
        assert "Still looking. The connection is slow." in seen.page.evaluate("said")
        assert [each["question"] for each in seen.asked] == [QUESTION, QUESTION]
        expect(seen.page.locator("[part=input]")).to_be_focused()


def test_a_question_that_comes_after_another_takes_its_place(browser: Browser) -> None:
    with faked(browser) as seen:
        seen.open(TAG)
        seen.page.evaluate(
            """() => { window.events = []; for (const name of ["answer", "select", "error"])
                 document.addEventListener(`grounded-qa-${name}`,
                   event => events.push([name, event.composed, event.detail])); }"""
        )
        found = seen.page.evaluate(
            """async () => { const box = document.querySelector("grounded-qa");
                 const both = [box.ask("first"), box.ask("second")];
                 return (await Promise.all(both)).map(answer => answer && answer.decision); }"""
        )
        assert found == [None, "answered"]
        events = seen.page.evaluate("events")
        assert [(name, composed) for name, composed, _ in events] == [("answer", True)]
        assert seen.page.evaluate("document.querySelector('grounded-qa').question") == "second"
        seen.answering = lambda _: problem(429, "slow down", "7")
        seen.ask()
        assert seen.page.evaluate("events.at(-1)") == [
            "error",
            True,
            {"kind": "limit", "status": 429, "detail": "slow down", "retryAfter": 7},
        ]


def test_suggestions_wait_until_typing_pauses_and_a_page_may_take_a_link_over(
    browser: Browser,
) -> None:
    with faked(browser) as seen:
        seen.open(TAG.replace(">", ' collection="a b" key="site_x">', 1))
        page = seen.page
        page.locator("[part=input]").focus()
        page.locator("[part=input]").evaluate(
            """(field) => { for (const letter of "why do leaves") {
                 field.value += letter; field.dispatchEvent(new Event("input")); } }"""
        )
        page.get_by_role("option").first.wait_for()
        assert seen.paths == ["/v1/collections/a%20b/suggest"]
        box = page.get_by_role("combobox")
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowUp")  # from the field to the last
        active = box.get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").inner_text() == "Why is it cold?"
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("Enter")
        page.locator("mark").wait_for()
        assert seen.asked[0]["question"] == "why do leaves"
        assert seen.paths[-1] == "/v1/collections/a%20b/ask"
        assert seen.keys == {"Bearer site_x"}
        page.evaluate(
            """document.addEventListener("grounded-qa-select", event => {
                 event.preventDefault(); window.selected = event.detail; })"""
        )
        page.get_by_role("link", name="Read it in the page").click()
        assert page.evaluate("selected") == {
            "kind": "citation",
            "text": "Why do leaves turn yellow in autumn?",
            "url": citation()["link"],
        }
        assert page.url == f"{SITE}/"


def test_a_student_copies_the_citation_and_says_whether_it_helped(browser: Browser) -> None:
    with faked(browser, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.open(TAG)
        seen.ask()
        page = seen.page
        page.get_by_role("button", name="Copy citation").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        owed = citation()
        copied = f"{owed['attribution']['text']} {owed['link']}"
        assert page.evaluate("navigator.clipboard.readText()") == copied
        page.get_by_role("button", name="No").click()
        expect(page.get_by_text("Thank you")).to_be_visible()
        no = page.get_by_role("button", name="No")
        assert no.get_attribute("aria-pressed") == "true"
        vote = {"answer_id": "signed", "citation_id": "leaves.0-9.aa", "helpful": False}
        assert seen.voted == [vote]
        # Without a clipboard the line stands there to be copied by hand.
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
        page.get_by_role("button", name="Copy citation").click()
        field = page.get_by_role("textbox", name="Copy citation")
        assert field.input_value() == copied
        seen.answering = lambda _: (200, answer(answer_id=None))
        seen.ask()
        assert page.get_by_role("group", name="Helpful?").count() == 0


def test_related_questions_are_links_and_without_any_nothing_is_shown(browser: Browser) -> None:
    tag = f'<grounded-qa src="{SERVICE}" mode="related" collection="a b"></grounded-qa>'
    with faked(browser) as seen:
        seen.open(tag)
        links = seen.page.locator("[part=related] a")
        links.first.wait_for()
        assert [each.get_attribute("href") for each in links.all()] == [
            f"{SITE}/grass.html",
            f"{SERVICE}/collections/a%20b/?q=What%20is%20a%20pigment%3F",
        ]
        assert seen.asked[0]["question"] == "Leaves"
        assert violations(seen.page) == []
        keep_picture(seen.page, "related-1280")
        seen.answering = lambda _: (0, None)
        seen.open(tag)
        expect(seen.page.locator("[part=related]")).to_be_hidden()


def test_with_forced_colours_marks_and_choices_keep_a_colour_of_their_own(browser: Browser) -> None:
    colour = "e => getComputedStyle(e).backgroundColor"
    with faked(browser, 640, forced_colors="active", reduced_motion="reduce") as seen:
        seen.open(TAG)
        seen.ask()
        paper = seen.page.locator("blockquote").evaluate(colour)
        assert seen.page.locator("mark").evaluate(colour) != paper
        seen.page.locator("[part=input]").fill("why")
        seen.page.get_by_role("option").first.wait_for()
        seen.page.keyboard.press("ArrowDown")
        chosen, other = (each.evaluate(colour) for each in seen.page.get_by_role("option").all())
        assert chosen != other
