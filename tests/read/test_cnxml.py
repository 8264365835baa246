r"""CNXML: modules with their sections, tables and formulas, and the book that they stand in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from groundedqa.read import Dropped, Event, Opened, Problem, SiteProfile, Source
from groundedqa.read.source import read_source
from groundedqa.types import Document

MODULE = """<?xml version="1.0"?>
<document xmlns="http://cnx.rice.edu/cnxml" xmlns:m="http://www.w3.org/1998/Math/MathML" id="d">
<title>Tides</title>
<metadata xmlns:md="http://cnx.rice.edu/mdml"><md:content-id>m100</md:content-id>
<md:title>Tides</md:title><md:abstract>You will learn of tides.</md:abstract>
<md:language>en</md:language><md:created>2020/02/03 10:00:00 -0600</md:created>
<md:license url="http://creativecommons.org/licenses/by/4.0/"/>
<md:actors><md:person userid="a"><md:fullname>Ann Lee</md:fullname></md:person>
<md:person userid="b"><md:fullname>Bo Day</md:fullname></md:person></md:actors>
<md:roles><md:role type="author">b a</md:role><md:role type="maintainer">a</md:role></md:roles>
<md:keywordlist><md:keyword>sea</md:keyword></md:keywordlist></metadata>
<content>
<para id="p1">The <term>tide</term> <emphasis effect="italics">rises</emphasis>
 twice.<footnote id="f">Mostly.</footnote> A day.</para>
<section id="s1"><title>Forces</title>
<list list-type="enumerated" number-style="lower-alpha"><item>Moon</item><item>Sun</item></list>
<list list-type="bulleted"><item>pull<sup>2</sup></item></list>
<equation id="e"><m:math><m:mi>F</m:mi><m:mo>=</m:mo><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac>
</m:math></equation>
<section id="s2">
<title>Spring <m:math><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math></title>
<table id="t" summary="s"><title>Heights</title><tgroup cols="3"><colspec colname="c1"/>
<colspec colname="c2"/><colspec colname="c3"/>
<thead><row><entry>Port</entry><entry namest="c2" nameend="c3">Height</entry></row></thead>
<tbody><row><entry morerows="1">A</entry><entry>1</entry><entry>2</entry></row>
<row><entry>3</entry><entry>4</entry></row></tbody></tgroup></table>
<figure id="g"><media id="x" alt="A wave."><image mime-type="image/png" src="a.png"/></media>
<caption>A wave at noon.</caption></figure>
<figure id="h"><media id="y" alt="A quiet sea."><image mime-type="image/png" src="b.png"/></media>
</figure>
<note id="n" class="gutter"><title>Mind</title><para id="p2">Ships wait.</para></note>
<exercise id="q"><problem id="q1"><para id="p3">Why twice?</para></problem>
<solution id="q2"><para id="p4">The Earth turns.</para></solution></exercise>
<code display="block">a = 1
  b</code>
</section></section>
</content>
<glossary><definition id="k"><term>ebb</term><meaning>falling tide</meaning></definition></glossary>
</document>"""
COLLECTION = """<col:collection xmlns:col="http://cnx.rice.edu/collxml"
 xmlns:md="http://cnx.rice.edu/mdml"><col:metadata><md:title>The Sea</md:title></col:metadata>
<col:content><col:module document="m1"/><col:subcollection><md:title>Water</md:title><col:content>
<col:module document="m100"/></col:content></col:subcollection></col:content></col:collection>"""
TEXT = r"""The tide rises twice. A day.

Mostly.

a. Moon
b. Sun

- pull²

\[F = \frac{a}{b}\]

Heights

| Port | Height | Height |
| A | 1 | 2 |
| A | 3 | 4 |

A wave at noon.

A quiet sea.

Mind

Ships wait.

Why twice?

The Earth turns.

    a = 1
      b

ebb
falling tide"""


def events(path: Path) -> list[Event]:
    return list(read_source(Source(path, path.name), SiteProfile()))


def test_a_module_keeps_its_sections_lists_tables_formulas_and_captions(tmp_path: Path) -> None:
    path = tmp_path / "index.cnxml"
    path.write_text(MODULE, encoding="utf-8")
    dropped: list[Dropped] = []
    _, module = read_source(Source(path, path.name), SiteProfile(), dropped)
    assert isinstance(module, Document)
    assert module.text == TEXT
    assert (module.doc_id, module.title, module.kind) == ("m100", "Tides", "chapter")
    assert (module.published, module.licence) == (date(2020, 2, 3), "CC BY 4.0")
    assert (module.language, module.tags, module.publisher) == ("en", ("sea",), None)
    assert [(s.heading, s.level, s.anchor, s.author) for s in module.sections] == [
        ("", 0, None, "Bo Day, Ann Lee"),
        ("Forces", 2, "s1", None),
        (r"Spring \(x^2\)", 3, "s2", None),
        ("Glossary", 2, None, None),
    ]
    assert dropped == [Dropped("abstract of the module", "You will learn of tides.")]


def test_a_module_knows_the_chapter_and_the_book_that_it_stands_in(tmp_path: Path) -> None:
    beside = [tmp_path / "collections/sea.collection.xml", tmp_path / "old/collection.xml"]
    modules = [tmp_path / "modules/m100/index.cnxml", tmp_path / "old/m100/index.cnxml"]
    for path, text in zip(beside + modules, [COLLECTION] * 2 + [MODULE] * 2, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in modules:
        module = events(path)[1]
        assert isinstance(module, Document)
        assert (module.title, module.publisher) == ("Water: Tides", "The Sea")
    assert events(beside[0]) == [Opened(beside[0].name, "cnxml collection", "content")]


def test_a_module_that_is_broken_empty_or_a_bomb_is_named(tmp_path: Path) -> None:
    path = tmp_path / "index.cnxml"
    for text, reason in (
        (MODULE[:900], "the XML is cut off"),
        (MODULE.split("<content>")[0] + "</document>", "the module has no content"),
        (MODULE.replace("?>", '?><!DOCTYPE d [<!ENTITY a "b">]>', 1), "declares entities"),
    ):
        path.write_text(text, encoding="utf-8")
        problem = events(path)[-1]
        assert isinstance(problem, Problem)
        assert problem.reason.startswith(reason)
