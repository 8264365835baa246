"""Parts of a page that are not its content, as their element, role, class or id says."""

from __future__ import annotations

import re

from lxml import etree

from groundedqa.read.html_names import local_name

_TAGS = {
    "nav": "navigation",
    "menu": "navigation",
    "aside": "sidebar",
    "footer": "footer",
    "dialog": "pop-up",
    "form": "form",
    "button": "form",
    "label": "form",
    "fieldset": "form",
}
_ROLES = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "sidebar",
    "search": "form",
    "dialog": "pop-up",
    "alertdialog": "pop-up",
}
# Words of classes and ids, parted from others by a dash, an underscore or white space.
_WORDS = {
    "cookie note": "cookie* consent* gdpr ccpa onetrust*",
    "navigation": "nav navbar* navi navigation* menu* submenu* breadcrumb* pagination pager paging "
    "toc skip skiplink sitemap prevnext",
    "comments": "comment comments commentlist* commentarea commentform disqus* respond "
    "replies kommentar* commentaire* comentario* reacties",
    "share bar": "share shares sharing sharedaddy sharebar* sharebutton* social* addthis* "
    "addtoany* follow followus teilen partager compartir",
    "offer": "newsletter* subscribe subscription signup login register promo promotion paywall* "
    "cta advert* ad ads adsense* adslot* sponsor* donate outbrain* taboola* upsell werbung anzeige "
    "publicite publicidad",
    "related list": "related* recommend recommended recommendation* popular trending mostread "
    "readmore teasers morefrom upnext verwandte relacionados",
    "sidebar": "sidebar* widget widgets seitenleiste",
    "footer": "footer* colophon copyright legal impressum",
    "header": "masthead banner topbar",
    "pop-up": "popup* modal overlay lightbox*",
    "page data": "byline postmeta tags tagcloud tagline print noprint rating ratings toolbar "
    "toolbox",
}
_PATTERNS = {
    rule: re.compile(
        rf"(?:^|[\s_-])(?:{'|'.join(words.replace('*', '[a-z0-9]*').split())})(?=$|[\s_-])"
    )
    for rule, words in _WORDS.items()
}
_ANY = re.compile("|".join(pattern.pattern for pattern in _PATTERNS.values()))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class ChromeOfElements:
    """Which rule, if any, says of an element that it is chrome; each is asked once.

    What holds ``content``, the most part of the words, is none, whatever it is called: the class
    of a page that has a sidebar may be "sidebar".
    """

    def __init__(self, content: frozenset[etree._Element] = frozenset()) -> None:
        self._content = content
        self._known: dict[etree._Element, str | None] = {}

    def rule(self, element: etree._Element) -> str | None:
        """The rule of the element or of what it stands in."""
        path = []
        at: etree._Element | None = element
        while at is not None and at not in self._known and at not in self._content:
            path.append(at)
            at = at.getparent()
        found = self._known.get(at) if at is not None else None
        for each in reversed(path):
            found = found or rule_of(each)
            self._known[each] = found
        return found


def rule_of(element: etree._Element) -> str | None:
    """The rule that says of this one element that it is chrome."""
    name = local_name(element)
    if name in ("body", "html", "main", "article"):
        return None
    if found := _TAGS.get(name) or _ROLES.get(element.get("role") or ""):
        return found
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if named == " ":
        return None
    named = _CAMEL.sub("-", named).lower()
    if not _ANY.search(named):
        return None
    return next(rule for rule, pattern in _PATTERNS.items() if pattern.search(named))
