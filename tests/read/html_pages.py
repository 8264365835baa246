"""Pages of many kinds with the words that are their content, and those that are not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    name: str
    html: str
    keep: tuple[str, ...]
    drop: tuple[str, ...]


def prose(topic: str, count: int = 3) -> str:
    """Paragraphs, as long as those of an article."""
    return "".join(
        f"<p>Paragraph {at} tells of {topic} at some length, because a reader who has come this "
        f"far wants to know how {topic} came about, who had a hand in it, and what was said of it "
        f"in the {at + 3} years after the first account had been printed.</p>"
        for at in range(1, count + 1)
    )


def said(topic: str, count: int = 3) -> tuple[str, ...]:
    return tuple(f"Paragraph {at} tells of {topic} at some length" for at in range(1, count + 1))


NEWS = Page(
    "news",
    f"""<!doctype html><html lang=en><head><title>Bridge reopens after repairs - The Lake Herald</title>
<meta property=og:site_name content="The Lake Herald"></head><body>
<div class="cookie-banner"><p>We use cookies to give you the best experience on our site.</p></div>
<header><nav><ul><li><a href=/>Home</a><li><a href=/news>Latest news</a></ul></nav></header>
<main><article><h1>Bridge reopens after repairs</h1><p class="byline">By Ada Moss</p>
<div class="share-bar"><a href=#>Share on Facebook</a> <a href=#>Tweet this</a></div>
{prose("the old bridge", 2)}
<figure><img src=b.jpg><figcaption>The bridge at dawn on the day it reopened.</figcaption></figure>
<blockquote><p>“We never thought it would take this long,” the mayor said at the opening.</p>
</blockquote><aside class=related><h3>Read more</h3><ul><li><a href=/x>Ferry fares to rise</a>
</ul></aside>{prose("its repair", 2)}</article>
<section id=comments><h2>Comments</h2><div class=comment><p>First! I walked over it yesterday and
it was lovely to see so many people there.</p></div></section></main>
<footer><p>© 2024 The Lake Herald. All rights reserved.</p><a href=/t>Terms</a></footer></body></html>""",
    (*said("the old bridge", 2), *said("its repair", 2), "The bridge at dawn", "the mayor said"),
    ("We use cookies", "Latest news", "Tweet this", "Ferry fares", "First! I walked", "All rights"),
)

BLOG = Page(
    "blog",
    f"""<html lang=de><head><title>Ein Garten im Winter | Gartenblog</title></head><body class=home>
<div id=page><div id=masthead><h2>Gartenblog</h2><p>Alles, was bei uns wächst und gedeiht.</p></div>
<div id=content><div class="post hentry"><h1 class=entry-title>Ein Garten im Winter</h1>
<div class="entry-content">{prose("dem Garten")}<h3>Was jetzt zu tun ist</h3><ul><li>Rosen
anhäufeln, bevor der Frost kommt</li><li>Das Laub liegen lassen, denn darunter leben Igel</li></ul>
{prose("dem Kompost", 1)}</div><div class="entry-meta">Schlagwörter: <a href=#>Winter</a></div></div>
<div id=kommentare class=kommentare><h3>2 Kommentare</h3><p>Danke für den schönen Beitrag, ich habe
ihn mit Freude gelesen und gleich weitergegeben.</p></div></div>
<div id=seitenleiste class=sidebar><h3>Neueste Beiträge</h3><ul><li><a href=1>Das Beet im Mai</a>
</ul></div><div id=footer><a href=/i>Impressum</a> <a href=/d>Datenschutz</a></div></div></body></html>""",
    (*said("dem Garten"), "Rosen anhäufeln", "darunter leben Igel", "Was jetzt zu tun ist"),
    ("Alles, was bei uns", "Schlagwörter", "Danke für den schönen", "Das Beet im Mai", "Impressum"),
)

MANUAL = Page(
    "manual",
    f"""<html><head><title>Reading files — Lathe 2.1 documentation</title></head><body>
<div class=sphinxsidebar><h3>Table of Contents</h3><ul><li><a href=#open>Opening</a></ul>
<form><input></form></div><div class=related><ul><li><a href=n>next</a> |<li><a>modules</a></ul></div>
<div class=document><div class=body role=main><section id=reading><h1>Reading files<a
class=headerlink href=#reading>¶</a></h1>{prose("reading files", 2)}<section id=open>
<h2>Opening<a class=headerlink href=#open>¶</a></h2><p>Give the path and the mode, and close the
file when you are done with it, or let a block do that:</p><div class=highlight><pre><span>with</span>
open("a.txt") as file:
    text = file.read()</pre></div><div class="admonition note"><p>Note</p><p>A file that is not closed
may lose its last lines when the program ends early.</p></div><table class=docutils><thead><tr>
<th>Mode</th><th>Meaning</th></tr></thead><tr><td>r</td><td>read only</td></tr></table></section>
</section></div></div><div class=footer>Built with a generator of pages.</div></body></html>""",
    (
        *said("reading files", 2),
        "text = file.read()",
        "may lose its last lines",
        "| r | read only |",
    ),
    ("Table of Contents", "modules", "Built with a generator", "¶"),
)

TEXTBOOK = Page(
    "textbook",
    f"""<html lang=en><head><title>4.2 Falling bodies</title></head><body><nav class=toc><ol>
<li><a href=1>Motion</a><li><a href=2>Energy</a></ol></nav><main><h1>4.2 Falling bodies</h1>
{prose("falling bodies", 2)}<div data-type=note class=note><h3>Try it</h3><p>Drop two stones of unequal
weight from the same height and listen for the moment at which they land.</p></div><p>The way is
<math><mfrac><mn>1</mn><mn>2</mn></mfrac><mi>g</mi><msup><mi>t</mi><mn>2</mn></msup></math>.</p>
<div class=equation><math display=block><mi>v</mi><mo>=</mo><mi>g</mi><mi>t</mi></math></div>
<h2 id=ex>Exercises</h2><ol><li>How long does a stone fall from a tower of 80 m?</li><li>How fast is
it when it lands, if the air is left out of account?</li></ol></main></body></html>""",
    (
        *said("falling bodies", 2),
        *("Drop two stones", r"\(\frac{1}{2}gt^2\)", r"\[v = gt\]"),
        *("1. How long does a stone", "Exercises"),
    ),
    ("Energy",),
)

OLD = Page(
    "old table layout",
    f"""<html><head><title>The mills of the valley</title></head><body bgcolor=white><table width=100%>
<tr><td colspan=2><a href=a>Start</a> | <a href=b>Guestbook</a> | <a href=c>Links</a></td></tr>
<tr><td width=150><font size=1><a href=1>Mill one</a><br><a href=2>Mill two</a><br>
<a href=3>Mill three</a></font></td><td><h2>The mills of the valley</h2>{prose("the mills")}
<table border=1><tr><th>Mill<th>Built<tr><td>Upper<td>1612<tr><td>Lower<td>1640</table></td></tr></table>
</body></html>""",
    (*said("the mills"), "| Upper | 1612 |"),
    ("Guestbook", "Mill two"),
)

DIVS = Page(
    "no paragraphs",
    """<html><head><title>Letters home</title></head><body><div class=navbar><a href=/>Home</a></div>
<div class=text>The first letter came in spring, and it was short: all was well, the crossing had been
calm, and the boy had not been ill for a single day of it.<br><br>The second letter, which came much
later, spoke of a farm by a river, of two cows, and of a winter that would not end.<br><br>There was
never a third letter, though the family asked at the office every week for a year.</div>
<div class=social-links>Follow us on all networks</div></body></html>""",
    ("The first letter came in spring", "two cows, and of a winter", "never a third letter"),
    ("Home", "Follow us"),
)

SHOP = Page(
    "shop",
    """<html><head><title>Field microscope 40x | Lens & Co</title></head><body><header><nav><a href=/>
All products</a></nav></header><div class=product><h1>Field microscope 40x</h1><div class=description>
<p>A microscope for the field, with a lamp of its own and a stage that holds a slide steady even in wind
and on uneven ground.</p><p>It enlarges forty times, which is enough for pollen, for the cells of an
onion, and for most of what lives in a pond.</p><h2>What is in the box</h2><ul><li>the microscope with
its lamp</li><li>ten slides, five of them prepared</li></ul><table><tr><th>Weight<td>310 g<tr><th>Lamp
<td>LED, two levels</table></div><div class=related-products><h2>You may also like</h2><p>
<a href=/p/2>Pocket magnifier with case</a></p></div></div><div class=newsletter-signup><p>Subscribe to
our newsletter and get ten percent off your first order.</p></div></body></html>""",
    ("A microscope for the field", "enlarges forty times", "ten slides", "| Weight | 310 g |"),
    ("All products", "Pocket magnifier", "Subscribe to our newsletter"),
)

FORUM = Page(
    "forum",
    f"""<html><head><title>Slow loris care - Animal board</title></head><body><div class=breadcrumbs>
<a href=/>Board index</a> » <a href=/a>Animals</a></div><h2>Slow loris care</h2><div class=post><div
class=postbody><div class=content>{prose("slow lorises", 2)}</div></div></div><div class=post><div
class=postbody><div class=content>{prose("their feeding", 1)}</div></div></div><div class=pagination>
<a href=2>Next page</a></div><div class=footer>Powered by some board software</div></body></html>""",
    said("slow lorises", 2),
    ("Board index", "Next page", "Powered by"),
)

BEHIND = Page(
    "saved behind a dialog",
    f"""<html><head><title>Tides</title></head><body><div id=root aria-hidden=true><main><h1>Tides</h1>
{prose("the tides")}</main></div><div role=dialog class=modal><p>Sign in to continue</p></div></body>
</html>""",
    said("the tides"),
    ("Sign in to continue",),
)

XHTML = Page(
    "xhtml",
    f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"
lang="en"><head><title/><meta charset="utf-8"/></head><body><a id="start"/><h1>Winds</h1>
{prose("the winds")}<script/><p>The last words of it &amp; no more.</p></body></html>""",
    (*said("the winds"), "The last words of it & no more."),
    (),
)

SHORT = Page(
    "short",
    "<html><title>Note</title><body><p>Water boils at a hundred degrees.</p></body></html>",
    ("Water boils at a hundred degrees.",),
    (),
)

DEFINITIONS = Page(
    "glossary",
    f"""<html><title>Glossary of botany</title><body><div id=menu><a href=a>Herbs</a></div><div
id=main><h1>Glossary of botany</h1>{prose("plants", 1)}<dl><dt>Anther</dt><dd>The part of a stamen
that holds the pollen.</dd><dt>Calyx</dt><dd>All sepals of a flower together.</dd></dl></div></body></html>""",
    ("Anther\nThe part of a stamen", "Calyx\nAll sepals of a flower", *said("plants", 1)),
    ("Herbs",),
)

PAGES = (
    *(NEWS, BLOG, MANUAL, TEXTBOOK, OLD, DIVS),
    *(SHOP, FORUM, BEHIND, XHTML, SHORT, DEFINITIONS),
)
