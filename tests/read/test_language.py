"""Languages: told from texts where they can be, and written as BCP 47 has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from groundedqa.read import RawDocument, RawSection, SiteProfile, Source
from groundedqa.read.assemble import assemble
from groundedqa.read.language import language_of, language_tag

TEXTS = {
    "en": "The tide rises twice a day because the Moon pulls at the sea.",
    "de": "Die Flut kommt zweimal am Tag, weil der Mond am Meer zieht.",
    "fr": "La marée monte deux fois par jour parce que la Lune attire la mer.",
    "es": "La marea sube dos veces al día porque la Luna atrae el mar.",
    "it": "La marea sale due volte al giorno perché la Luna attira il mare.",
    "pt": "A maré sobe duas vezes por dia, porque a Lua atrai as águas do mar. Não é o vento.",
    "nl": "Het wordt twee keer per dag vloed omdat de maan aan de zee trekt.",
    "pl": "Przypływ przychodzi dwa razy dziennie, ponieważ Księżyc przyciąga morze.",
    "ru": "Прилив приходит дважды в день, потому что Луна притягивает море.",
    "tr": "Ay denizi çektiği için sular günde iki kez yükselir ve sonra yine çekilir.",
    "ar": "يرتفع المد مرتين في اليوم لأن القمر يجذب مياه البحر إليه دائما.",
    "ja": "月が海を引っ張るので、潮は一日に二回満ちます。月の反対側でも海面は高くなり、"
    "そこにも潮が満ちます。",
    "zh": "因为月球吸引海水，所以潮水每天上涨两次。背对月球的一面海面也会升高，"
    "那里同样会涨潮，这就是我们每天看到的现象。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_enough_to_tell_its_language(language: str) -> None:
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        *("", "Yes.", "Photosynthesis", "x = 3, y = 4, x + y = 7", "3.14159 2.71828 1.41421"),
        "\\( a^2 + b^2 = c^2 \\) and \\[ \\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\pi^2/6 \\]",
        "    for item in items:\n        print(item, end='')\n    return sum(items) / len(items)",
        "https://example.org/a/very/long/address/without/any/words/of/a/language/at/all",
    ],
)
def test_what_is_too_short_or_no_prose_has_no_language(text: str) -> None:
    assert language_of(text) is None


def test_maths_and_code_do_not_hide_the_language_around_them() -> None:
    text = "Um das zu lösen, zieht man von beiden Seiten fünf ab: \\( 3x + 5 - 5 = 20 - 5 \\)."
    assert language_of(text) == "de"
    code = "    the quick = brown.fox(jumps, over, the_lazy, dog)\n" * 5
    assert language_of(f"Diese Schleife läuft genau zehnmal und hört dann auf.\n\n{code}") == "de"


@pytest.mark.parametrize(
    ("named", "tag"),
    [
        *(("en", "en"), ("en_US", "en-US"), ("EN-us", "en-US"), ("en_US.UTF-8", "en-US")),
        *(("eng", "en"), ("ger", "de"), ("zh_hans_cn", "zh-Hans-CN"), ("iw", "he")),
        *(("English", "en"), (" deutsch ", "de"), ("Français", "fr"), ("日本語", "ja")),
        *(("no", "no"), ("und", None), ("x", None), ("no language", None), ("-", None)),
    ],
)
def test_what_a_source_says_is_written_as_bcp_47(named: str, tag: str | None) -> None:
    assert language_tag(named) == tag


@pytest.mark.parametrize(
    ("own", "site", "made"),
    [
        *(("en_GB", "fr", "en-GB"), (None, "French", "fr"), (None, None, "de")),
        *(("??", "fr", "fr"), ("??", None, "de")),
    ],
)
def test_the_page_s_own_word_counts_before_the_site_s_before_the_text(
    own: str | None, site: str | None, made: str
) -> None:
    raw = RawDocument("T", (RawSection(TEXTS["de"]),), "article", language=own)
    profile = SiteProfile(language=site)
    assert assemble(raw, Source(Path("a"), "a"), "0", profile).language == made


def test_a_service_never_loads_what_tells_languages() -> None:
    loaded = "import sys, groundedqa.server, groundedqa.cli.main; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"py3langid", "langcodes"} & set(ran.stdout.split())
