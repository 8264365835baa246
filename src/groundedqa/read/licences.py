"""Licences by one name each, whichever way a page writes them, and where their deed stands.

Creative Commons' own short names are used: ``CC BY-SA 4.0``, ``CC0``. What is no licence of
theirs, or says more than its name, stays as the page has it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_HOST = r"(?:https?:)?(?://)?(?:www\.)?creativecommons\.org/"
_ADDRESS = re.compile(
    rf"(?i){_HOST}(?:licenses|publicdomain)/(?P<kind>[a-z-]+)/(?P<version>\d\.\d)"
    r"(?:/(?P<port>[a-z]{2,3}(?=/|\W|$)))?[\w./-]*"
)
_GNU_ADDRESS = re.compile(
    r"(?i)(?:https?:)?//(?:www\.)?gnu\.org/(?:copyleft|licenses)/(?P<code>fdl|gpl|lgpl)"
    r"(?:-(?P<version>\d\.\d))?[\w./-]*"
)
_GNU = re.compile(r"GNU (?P<code>FDL|GPL|LGPL)(?: (?P<version>\d\.\d))?")
_DEED = "https://creativecommons.org/"
_LONG = (
    (r"creative\s?commons", "cc"),
    (r"non[- ]?commercial", "nc"),
    (r"share[- ]?alike", "sa"),
    (r"no[- ]?deriv(?:ative)?s?(?: works?)?", "nd"),
    (r"attribution", "by"),
    (r"cc[- ]?(?:0|zero)\b", "cc zero"),
    (r"public domain mark", "cc mark"),
    (r"\bv(?:ersion)?\.? ?(?=\d)", ""),
    (r"\b(?:the|licen[cs]ed?|international|unported|generic|universal|deed|intl)\b", ""),
)
_LONG_FORMS = tuple((re.compile(pattern), short) for pattern, short in _LONG)
_TOKEN = re.compile(r"\d(?:\.\d+)*|[^\W\d]+")
_KINDS = ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
_ELEMENTS = ("by", "nc", "nd", "sa")
_VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
_OWN_NAMES = {"zero": "CC0", "mark": "Public Domain Mark 1.0"}
_NAME = re.compile(r"CC (?P<kind>BY[A-Z-]*) (?P<version>[1-4]\.[015])(?: (?P<port>[A-Z]{2,3}))?")
_AND_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)\s*")
_LONGEST = 200


@lru_cache(1024)
def licence_name(said: str | None) -> str | None:
    """The licence's one name: of its address or of another spelling; else what was said."""
    if said is None or len(said) > _LONGEST:
        return said
    address = _ADDRESS.search(said) or _GNU_ADDRESS.search(said)
    if not address:
        twice = _AND_BRACKETS.fullmatch(said)
        names = {_of_words(part) for part in (twice.groups() if twice else [said])}
        return (names.pop() if len(names) == 1 else None) or said
    named = licence_at(address[0])
    beside = said.replace(address[0], " ")
    if not named or (re.search(r"\w", beside) and _of_words(beside) != named):
        return said
    return named


def licence_at(address: str) -> str | None:
    """The name of a licence that is known by its address; None for any other address."""
    if found := _ADDRESS.search(address):
        return _named(found["kind"].lower(), found["version"], found["port"])
    if found := _GNU_ADDRESS.search(address):
        return f"GNU {found['code'].upper()}{' ' + found['version'] if found['version'] else ''}"
    return None


def licence_url(name: str | None) -> str | None:
    """The address of the deed of a licence named as `licence_name` does; an address is its own."""
    if not name:
        return None
    if re.fullmatch(r"(?i)https?://\S+", name):
        return name
    for kind, named in _OWN_NAMES.items():
        if name == named:
            return f"{_DEED}publicdomain/{kind}/1.0/"
    if found := _GNU.fullmatch(name):
        version = f"-{found['version']}" if found["version"] else ""
        return f"https://www.gnu.org/licenses/{found['code'].lower()}{version}.html"
    if found := _NAME.fullmatch(name):
        port = f"{found['port'].lower()}/" if found["port"] else ""
        return f"{_DEED}licenses/{found['kind'].lower()}/{found['version']}/{port}"
    return None


def _of_words(said: str) -> str | None:
    """The name that some words spell; None where they are no licence's, or say more."""
    text = said.casefold()
    for pattern, short in _LONG_FORMS:
        text = pattern.sub(short, text)
    tokens = _TOKEN.findall(text)
    if "cc" not in tokens and "attribution" not in said.casefold():
        return None
    tokens = [token for token in tokens if token != "cc"]
    for own in _OWN_NAMES:
        if own in tokens and set(tokens) <= {own, "1.0", "cc", "1"}:
            return _named(own, "1.0", None)
    elements = [token for token in tokens if token in _ELEMENTS]
    others = [token for token in tokens if token not in _ELEMENTS]
    kind = "-".join(sorted(elements, key=_ELEMENTS.index))
    if not others or len(others) > 2 or len(set(elements)) != len(elements):
        return None
    version = others[0] if "." in others[0] else f"{others[0]}.0"
    return _named(kind, version, others[1] if len(others) > 1 else None)


def _named(kind: str, version: str, port: str | None) -> str | None:
    if kind in _OWN_NAMES:
        return _OWN_NAMES[kind] if version == "1.0" else None
    if kind not in _KINDS or version not in _VERSIONS:
        return None
    if port and not re.fullmatch(r"[A-Za-z]{2}|igo|IGO", port):
        return None
    return f"CC {kind.upper()} {version}{' ' + port.upper() if port else ''}"
