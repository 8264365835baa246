"""What a web page says of itself: title, author, day, address, licence, language, house, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from lxml import etree

from groundedqa.read.html_blocks import line_of
from groundedqa.read.html_linked import Item, first_text, json_ld, microdata, of_type, values
from groundedqa.read.html_names import local_name
from groundedqa.read.licences import licence_at

_WORKS = (
    *("Article", "NewsArticle", "BlogPosting", "TechArticle", "ScholarlyArticle", "Report"),
    *("LearningResource", "Chapter", "Book", "Course", "CreativeWork", "WebPage", "QAPage"),
    *("FAQPage", "Question", "HowTo", "Recipe", "Product", "DiscussionForumPosting"),
)
_ADDRESS = re.compile(r"(?i)https?://[^\s\x00-\x20\x7f-\x9f\ud800-\udfff]+\Z")
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_SAVED = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_PARTS = re.compile(r"\s+[|–—·•»:>-]{1,2}\s+|\s*\|\s*|:\s+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page; ``items`` are its schema.org, microdata first."""

    title: str | None
    author: str | None
    published: date | None
    url: str | None
    licence: str | None
    language: str | None
    publisher: str | None
    tags: tuple[str, ...]
    items: tuple[Item, ...]


class _Meta:
    """The page's ``meta`` elements by name, in lower case."""

    def __init__(self, page: etree._Element) -> None:
        self._all: dict[str, list[str]] = {}
        for element in page.iter("{*}meta"):
            name = element.get("property") or element.get("name") or element.get("http-equiv")
            content = " ".join((element.get("content") or "").split())
            if name and content:
                self._all.setdefault(name.strip().lower(), []).append(content)

    def all(self, *names: str) -> list[str]:
        """All contents of the first of these names that is there."""
        return next((self._all[name] for name in names if name in self._all), [])

    def first(self, *names: str) -> str | None:
        """The first content."""
        return next(iter(self.all(*names)), None)


def facts_of(page: etree._Element) -> PageFacts:
    """All facts of a whole page (``html``)."""
    meta = _Meta(page)
    items = (*microdata(page), *json_ld(page))
    works = sorted(of_type(items, *_WORKS), key=lambda item: _rank(item))
    publisher = meta.first("og:site_name", "citation_publisher", "dc.publisher") or next(
        (name for work in works if (name := first_text(work, "publisher"))), None
    )
    return PageFacts(
        title=_title(page, meta, publisher),
        author=_author(page, meta, works),
        published=_published(page, meta, works),
        url=_url(page, meta),
        licence=_licence(page, meta, works),
        language=_language(page, meta),
        publisher=publisher if publisher and not _ADDRESS.match(publisher) else None,
        tags=_tags(meta),
        items=items,
    )


def _rank(item: Item) -> int:
    return min((_WORKS.index(name) for name in item["@type"] if name in _WORKS), default=99)


def _title(page: etree._Element, meta: _Meta, publisher: str | None) -> str | None:
    """The heading that the page's title repeats; else the title without the site's name."""
    whole = next((" ".join("".join(t.itertext()).split()) for t in _head_titles(page)), "")
    shared = meta.first("og:title", "citation_title", "dc.title", "twitter:title") or ""
    headings = [line_of(heading) for heading in page.iter("{*}h1")]
    headings = [heading for heading in headings if 0 < len(heading) <= 300]
    for heading in headings:
        if _key(heading) and _key(heading) in (_key(whole), _key(shared)):
            return heading
    for heading in headings:
        if len(_key(heading)) > 3 and _key(heading) in _key(whole):
            return heading
    if shared:
        return _without_site(shared, publisher)
    if len(headings) == 1 and not whole:
        return headings[0]
    return _without_site(whole, publisher) or next(iter(headings), None)


def _head_titles(page: etree._Element) -> Iterator[etree._Element]:
    return (t for t in page.iter("{*}title") if not _in_picture(t))


def _in_picture(element: etree._Element) -> bool:
    return any(local_name(above) == "svg" for above in element.iterancestors())


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _without_site(title: str, publisher: str | None) -> str:
    """The title without the site's name at an end; without one known, the longest part."""
    marks = list(_PARTS.finditer(title))
    if not marks:
        return title
    first, last = title[: marks[0].start()], title[marks[-1].end() :]
    if publisher and _key(publisher) in (_key(last), _key(last).removesuffix("com")):
        return title[: marks[-1].start()].strip()
    if publisher and _key(first) == _key(publisher):
        return title[marks[0].end() :].strip()
    if publisher or ":" in marks[-1][0] or len(last.split()) > 4:
        return title
    cut = title[: marks[-1].start()].strip()
    return cut if len(cut) >= len(last) else title


def _author(page: etree._Element, meta: _Meta, works: list[Item]) -> str | None:
    for work in works:
        made = [_name(value) for value in values(work, "author", "creator")]
        if found := [name for name in made if name]:
            return ", ".join(dict.fromkeys(found[:5]))
    named = meta.all("citation_author", "author", "dc.creator", "dcterms.creator", "article:author")
    names = [name for name in named if not _ADDRESS.match(name) and len(name) < 120]
    if names:
        return ", ".join(dict.fromkeys(names[:5]))
    for link in page.iter("{*}a"):
        name = " ".join("".join(link.itertext()).split())
        if "author" in (link.get("rel") or "").split() and 0 < len(name) < 80:
            return name
    return None


def _name(value: object) -> str | None:
    if isinstance(value, dict):
        return first_text(value, "name")
    text = "".join(value.itertext()) if isinstance(value, etree._Element) else str(value)
    text = " ".join(text.split())
    return text if 0 < len(text) < 120 and not _ADDRESS.match(text) else None


def _published(page: etree._Element, meta: _Meta, works: list[Item]) -> date | None:
    said = [first_text(work, "datePublished", "dateCreated") for work in works]
    said.extend(
        meta.all(
            *("article:published_time", "og:published_time", "citation_publication_date"),
            *("dc.date", "dcterms.created", "dc.date.issued", "date", "pubdate", "publish-date"),
        )
    )
    times = list(page.iter("{*}time"))
    marked = [
        t for t in times if t.get("pubdate") is not None or "published" in str(t.get("class"))
    ]
    said.extend(t.get("datetime") for t in (marked or (times if len(times) == 1 else [])))
    return next((day for text in said if text and (day := _day(text))), None)


def _day(text: str) -> date | None:
    found = _DAY.match(text.strip().replace("/", "-"))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _url(page: etree._Element, meta: _Meta) -> str | None:
    base = next((b.get("href") for b in page.iter("{*}base") if b.get("href")), None) or ""
    links = [e.get("href") for e in page.iter("{*}link") if e.get("rel") == "canonical"]
    for found in (*links, *meta.all("og:url")):
        address = urljoin(base, found.strip()) if found else ""
        if _ADDRESS.match(address):
            return address
    before = page.getroottree().xpath("//comment()")
    for comment in before[:3] if isinstance(before, list) else ():
        saved = _SAVED.search(str(getattr(comment, "text", "")))
        if saved and _ADDRESS.match(saved[1]):
            return saved[1]
    return None


def _licence(page: etree._Element, meta: _Meta, works: list[Item]) -> str | None:
    for element in page.iter("{*}a", "{*}link"):
        if "license" in (element.get("rel") or "").lower().split():
            said = " ".join("".join(element.itertext()).split())
            return licence_at(element.get("href") or "") or said[:80] or element.get("href")
    said_by = [first_text(work, "license") for work in works]
    said_by.append(meta.first("dcterms.license", "dc.rights", "dcterms.rights", "license"))
    if named := next((text for text in said_by if text), None):
        return licence_at(named) or named[:200]
    linked = {
        licence_at(element.get("href") or "")
        for footer in page.iter("{*}footer")
        for element in footer.iter("{*}a")
    } - {None}
    return next(iter(linked)) if len(linked) == 1 else None


def _language(page: etree._Element, meta: _Meta) -> str | None:
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    said = page.get("lang") or page.get(xml) or meta.first("content-language", "og:locale") or ""
    found = _LANGUAGE.fullmatch(said.strip().replace("_", "-"))
    return found[0] if found else None


def _tags(meta: _Meta) -> tuple[str, ...]:
    said = [*meta.all("article:tag"), *meta.all("keywords", "news_keywords")]
    tags = (tag.strip() for line in said for tag in line.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= 60))[:_MOST_TAGS]
