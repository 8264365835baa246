"""Of which site a Stack Exchange dump is: its host, its name, its addresses, its licence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Source

_NAMES = {
    "stackoverflow.com": "Stack Overflow",
    "superuser.com": "Super User",
    "serverfault.com": "Server Fault",
    "askubuntu.com": "Ask Ubuntu",
    "mathoverflow.net": "MathOverflow",
    "stackapps.com": "Stack Apps",
}
_HOST = re.compile(
    r"(?i)(?:[a-z0-9-]+\.)*(?:stackexchange\.com|" + "|".join(map(re.escape, _NAMES)) + ")"
)
# Those that are not called as their host is.
_SUBJECTS = {
    "cs": "Computer Science",
    "ell": "English Language Learners",
    "english": "English Language & Usage",
    "french": "French Language",
    "german": "German Language",
    "italian": "Italian Language",
    "japanese": "Japanese Language",
    "math": "Mathematics",
    "matheducators": "Mathematics Educators",
    "softwareengineering": "Software Engineering",
    "spanish": "Spanish Language",
}
_NO_SUFFIX = {"stats.stackexchange.com": "Cross Validated"}
# Since when what is written there is under which licence.
_LICENCES = (("2018-05-02", "CC BY-SA 4.0"), ("2011-04-08", "CC BY-SA 3.0"))
_FIRST_LICENCE = "CC BY-SA 2.5"


@dataclass(frozen=True, slots=True)
class Site:
    """The site; ``host`` is None where nothing says which it is: then there are no addresses."""

    host: str | None
    name: str | None

    def question(self, post: int) -> str | None:
        """The address of a question."""
        return f"https://{self.host}/questions/{post}" if self.host else None

    def user(self, user: int) -> str | None:
        """The address of a profile; -1 is the site's own robot, which has none that helps."""
        return f"https://{self.host}/users/{user}" if self.host and user > 0 else None


def site_of(source: Source, profile: SiteProfile) -> Site:
    """The site that ``site.toml`` names, else the one that a folder of the dump is called after."""
    said = profile.stack_exchange
    host = said.site or _of_folders(source)
    return Site(host, said.name or (_name(host) if host else None))


def _of_folders(source: Source) -> str | None:
    below = source.name.split("/")[:-1]
    for folder in (*reversed(below), source.path.absolute().parent.name):
        found = _HOST.match(folder)
        # "history.stackexchange.com", "stackoverflow.com-Posts", "stackoverflow.com.7z"
        if found and re.fullmatch(r"(?:[-.][\w.]*)?", folder[found.end() :]):
            return found[0].lower()
    return None


def _name(host: str) -> str:
    """What a site is called: History Stack Exchange, for ``history.stackexchange.com``."""
    named = _NO_SUFFIX.get(host) or _NAMES.get(host)
    if named:
        return named
    for ending, name in (*_NAMES.items(), ("stackexchange.com", "Stack Exchange")):
        if host.endswith(f".{ending}"):
            parts = host.removesuffix(f".{ending}").split(".")
            return " ".join((*(_SUBJECTS.get(part, part.capitalize()) for part in parts), name))
    return host


def licence_of(said: str | None, day: str) -> str:
    """The licence of a post: the one its row names, else the site's at its day (ISO)."""
    if said:
        return said
    return next((name for since, name in _LICENCES if day >= since), _FIRST_LICENCE)
