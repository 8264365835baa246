"""site.toml: what it may say, how it is refused, and what it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.read import SiteProfile, load_profile, read_corpus
from groundedqa.read.profile_pins import Pin, synonym_rules
from groundedqa.types import Document

PAGE = (
    "How high is the tide?\n\n== Replies ==\n-- by Ann Lee, harbour master --\n\n"
    "It is two metres high at the pier.\n\nBuy our tide tables!\n"
)


def loaded(folder: Path, toml: str | bytes) -> SiteProfile:
    (folder / "site.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode("utf-8"))
    return load_profile(folder)


def document(folder: Path, name: str, text: str, toml: str) -> Document:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    events = list(read_corpus(folder, loaded(folder, toml)))
    (made,) = [event for event in events if isinstance(event, Document)]
    return made


def test_without_a_file_the_defaults_serve(tmp_path: Path) -> None:
    profile = load_profile(tmp_path)
    assert profile == SiteProfile()
    assert profile.defaults
    assert profile.address("a.txt", "a") is None


def test_an_empty_file_is_a_profile(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == SiteProfile()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        *(("name = ", "can't be read"), (b"name = '\xff'", "can't be read")),
        *(("colour = 'red'", "colour"), ("name = 3", "name"), ("chrome = 'x'", "chrome")),
        *(("chrome = ['(']", "'(' is no regular expression"), ("defaults = 'maybe'", "defaults")),
        *(
            ("bylines = ['by (.+)']", "has no group"),
            ("answer_headings = ['[']", "answer_headings"),
        ),
        *(("base = 'javascript:alert(1)'", "base"), ("base = 'x.org'", "base")),
        *(("url = '{base}/{page}'", "url"), ("url = '{'", "url"), ("url = '{0}'", "url")),
        *(("url = '{base.x}'", "url"), ("url = '{base[x]}'", "url"), ("url = '{id:9q}'", "url")),
    ],
)
def test_a_wrong_profile_is_refused_by_file_and_field(
    tmp_path: Path, toml: str | bytes, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml)
    assert str(tmp_path / "site.toml") in str(caught.value)
    assert said in str(caught.value)


def test_a_folder_in_the_profiles_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_profile(tmp_path)


def test_the_known_fields_are_named_when_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the fields are name, base, url, licence"):
        loaded(tmp_path, "colour = 'red'")


@pytest.mark.parametrize(
    ("url", "name", "address"),
    [
        ("{base}/{stem}", "a/b c.txt", "https://x.org/a/b%20c"),
        ("{base}/{name}", "a/b.txt", "https://x.org/a/b.txt"),
        ("{base}/q/{id}", "a/b.txt", "https://x.org/q/a--b"),
        ("{base}/{stem}.html", "a.b/c", "https://x.org/a.b/c.html"),
        ("{base}/{stem}", "é.md", "https://x.org/%C3%A9"),
        ("https://y.org/{stem}", "a?b#c.md", "https://y.org/a%3Fb%23c"),
    ],
)
def test_an_address_is_made_of_the_files_name(url: str, name: str, address: str) -> None:
    profile = SiteProfile(base="https://x.org/", url=url)
    assert profile.address(name, "a--b") == address


def test_an_address_of_its_own_needs_no_base() -> None:
    assert SiteProfile(url="https://y.org/{id}").address("a.md", "a~20b") == "https://y.org/a~20b"


@pytest.mark.parametrize(
    ("front", "toml", "url"),
    [
        ("", "base = 'https://x.org'", "https://x.org/a"),
        ("url: https://y.org/z", "base = 'https://x.org'", "https://y.org/z"),
        ("url: /z", "base = 'https://x.org/'", "https://x.org/z"),
        *(("url: /z", "", None), ("", "", None)),
    ],
)
def test_a_pages_own_address_comes_first(
    tmp_path: Path, front: str, toml: str, url: str | None
) -> None:
    assert document(tmp_path, "a.md", f"---\n{front}\n---\ntext", toml).url == url


@pytest.mark.parametrize(
    ("toml", "url"),
    [
        ("base = 'https://x.org'", None),
        ("base = 'https://x.org'\nurl = '{base}/{id}'", "https://x.org/7"),
    ],
)
def test_one_line_of_many_has_an_address_only_by_its_id(
    tmp_path: Path, toml: str, url: str | None
) -> None:
    assert document(tmp_path, "a.jsonl", '{"_id": "7", "text": "x"}', toml).url == url


def test_licence_and_language_fall_back_to_the_sites(tmp_path: Path) -> None:
    toml = "licence = 'CC BY 4.0'\nlanguage = 'en-GB'"
    made = document(tmp_path, "a.md", "---\nlicence: CC0\n---\ntext", toml)
    assert (made.licence, made.language) == ("CC0", "en-GB")
    made = document(tmp_path, "a.md", "---\nlang: de\n---\ntext", toml)
    assert (made.licence, made.language) == ("CC BY 4.0", "de")


@pytest.mark.parametrize("defaults", ["true", "false"])
def test_a_sites_own_patterns_read_its_pages(tmp_path: Path, defaults: str) -> None:
    made = document(
        tmp_path,
        "a.txt",
        PAGE,
        "answer_headings = ['== Replies ==']\nchrome = ['Buy our .*']\n"
        f"bylines = ['-- by (?P<author>.+), (?P<role>.+) --']\ndefaults = {defaults}",
    )
    assert made.title == "How high is the tide?"
    assert made.text == "It is two metres high at the pier."
    assert [(s.author, s.role) for s in made.sections] == [("Ann Lee", "harbour master")]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)//{stem}", "www.site.org/{stem}", "{stem}", "/{base}/{stem}", ""]
)
def test_an_address_that_is_not_of_the_web_is_refused_by_name(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"url: .*must begin with \{base\}, https://"):
        loaded(tmp_path, f"url = '{url}'")


def test_the_case_of_an_address_is_free() -> None:
    profile = SiteProfile(base="HTTPS://X.org", url="{base}/{id}")
    assert profile.address("a.md", "a") == "HTTPS://X.org/a"
    assert SiteProfile(url="Http://x.org/{id}").address("a.md", "a") == "Http://x.org/a"


def test_pins_and_synonyms_are_read_as_given(tmp_path: Path) -> None:
    profile = loaded(
        tmp_path,
        "synonyms = [['ww1', 'world war i'], 'laptop => notebook, portable  computer']\n"
        "[[pins]]\nquestions = ['Krebs?']\ndocument = 'biology--krebs'\nquote = 'It makes'\n",
    )
    assert profile.synonyms == (("ww1", "world war i"), "laptop => notebook, portable  computer")
    assert profile.pins == (
        Pin(questions=("Krebs?",), document="biology--krebs", quote="It makes"),
    )


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        *(("synonyms = 'a => b'", "must be a list"), ("synonyms = [['a']]", "['a'] needs")),
        *(("synonyms = [['a', ' ']]", "['a', ' '] has"), ("synonyms = ['a, b']", "'a, b' must be")),
        *(("synonyms = ['a =>']", "'a =>' has"), ("synonyms = [['a', 1]]", "['a', 1] must be")),
        *(("synonyms = ['a => a']", "two different"), ("synonyms = ['a => b => c']", "=> c'")),
        ("[[pins]]\nquestions = []\ndocument = 'a'", "pins.0.questions"),
        ("[[pins]]\nquestions = ['?']\ndocument = 'a'", "'?' is no question"),
        ("[[pins]]\nquestions = ['a']", "pins.0.document"),
        ("[[pins]]\nquestions = ['a']\ndocument = 'a'\nquote = ''", "pins.0.quote"),
        ("[[pins]]\nquestions = ['a']\ndocument = 'a'\npage = 1", "pins.0.page"),
    ],
)
def test_a_wrong_pin_or_synonym_is_named(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml)
    assert said in str(caught.value)


def test_synonyms_become_rules_of_a_phrase_and_what_it_brings() -> None:
    profile = SiteProfile(synonyms=(("a", "b  c", "d"), "a => e, d", "e => a"))
    assert synonym_rules(profile.synonyms) == (
        ("a", ("b c", "d", "e")),
        ("b c", ("a", "d")),
        ("d", ("a", "b c")),
        ("e", ("a",)),
    )
