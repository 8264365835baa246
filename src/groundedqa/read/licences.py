"""Licences by the names that people know them by."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(
    r"(?i)creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<code>[a-z+-]+)"
    r"(?:/(?P<version>\d\.\d))?(?:/(?P<place>[a-z]{2,6})\b)?"
)
_GNU = re.compile(
    r"(?i)gnu\.org/(?:copyleft|licenses)/(?P<code>fdl|gpl|lgpl)(?:-(?P<version>\d\.\d))?"
)


def licence_name(address: str) -> str | None:
    """The name of a licence that is known by its address: ``CC BY-SA 4.0``; None for others."""
    found = _CREATIVE_COMMONS.search(address)
    if found:
        version = f" {found['version']}" if found["version"] else ""
        code = found["code"].lower().strip("-")
        if found["kind"].lower() == "publicdomain":
            return f"CC0{version}" if code == "zero" else f"Public Domain Mark{version}"
        place = found["place"] or ""
        ported = f" {place.upper()}" if len(place) == 2 and found["version"] != "4.0" else ""
        return f"CC {code.upper()}{version}{ported}"
    found = _GNU.search(address)
    if found:
        return f"GNU {found['code'].upper()}{' ' + found['version'] if found['version'] else ''}"
    return None
