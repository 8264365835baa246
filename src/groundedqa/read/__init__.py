"""corpus/ to documents: one file per format, one table of readers, clean text made once."""

from __future__ import annotations

from groundedqa.read.archives import opened_corpus
from groundedqa.read.assemble import url_safe
from groundedqa.read.bounded import read_bounded
from groundedqa.read.corpus import read_corpus, read_sources
from groundedqa.read.events import Event, Notice, Opened, Problem
from groundedqa.read.licences import licence_name, licence_url
from groundedqa.read.profile import PROFILE_NAME, SiteProfile, load_profile
from groundedqa.read.profile_pins import synonym_rules
from groundedqa.read.raw import Broken, Dropped, RawDocument, RawSection, Reader, Source
from groundedqa.read.source import read_source
from groundedqa.read.sources import sources

# Raised when the same source gives another document than before.
VERSION = 3

__all__ = [
    "PROFILE_NAME",
    "VERSION",
    "Broken",
    "Dropped",
    "Event",
    "Notice",
    "Opened",
    "Problem",
    "RawDocument",
    "RawSection",
    "Reader",
    "SiteProfile",
    "Source",
    "licence_name",
    "licence_url",
    "load_profile",
    "opened_corpus",
    "read_bounded",
    "read_corpus",
    "read_source",
    "read_sources",
    "sources",
    "synonym_rules",
    "url_safe",
]
