"""An answer, a document and the like as the OpenAPI document shows them; of the sample corpus."""

from __future__ import annotations

from typing import Any

_TEXT = "Historians estimate that between five and eight million people died."
_DEED = "https://creativecommons.org/licenses/by/4.0/"
_ID = "history--collectivisation-and-famine.0-68.1a4ed6c8f9dee9fa"
_CITED: dict[str, Any] = {
    "id": "history--collectivisation-and-famine",
    "title": "Why did collectivisation end in famine in the Soviet countryside?",
    "url": "https://study.example.org/history/collectivisation-and-famine",
    "publisher": "The groundedqa sample corpus",
    "kind": "qa",
    "licence": "CC BY 4.0",
    "published": "2026-11-24",
    "language": "en",
    "tags": ["history"],
}
_AUTHOR = {
    "author": "groundedqa editors",
    "role": "history editor",
    "credential": "Project editor",
}

ANSWER: dict[str, Any] = {
    "question": "why did everyone starve in ukraine in the 30s",
    "decision": "answered",
    "answerable": 0.97,
    "calibrated": True,
    "reason": None,
    "citations": [
        {
            "rank": 1,
            "score": 0.61,
            "quote": _TEXT,
            "start": 0,
            "end": 68,
            "best_sentence": {"start": 0, "end": 68, "text": _TEXT},
            "citation_id": _ID,
            "document": _CITED,
            "section": ["Expert Answers"],
            **_AUTHOR,
            "page": None,
            "link": f"{_CITED['url']}#:~:text=Historians%20estimate%20that%20between,people%20died",
            "attribution": {
                "text": f"“{_CITED['title']}” ({_CITED['url']}) by groundedqa editors, "
                f"{_CITED['publisher']}, CC BY 4.0 ({_DEED})",
                "title": _CITED["title"],
                "url": _CITED["url"],
                "author": "groundedqa editors",
                "author_url": None,
                "publisher": _CITED["publisher"],
                "licence": "CC BY 4.0",
                "licence_url": _DEED,
            },
            "also_at": [],
            "pinned": False,
        }
    ],
    "near_misses": [],
    "related": [
        {
            "question": _CITED["title"],
            "document_id": _CITED["id"],
            "url": _CITED["url"],
            "score": 0.72,
        }
    ],
    "facets": {"tags": [{"value": "history", "count": 12}]},
    "preview": False,
    "snapshot": "f76588f5dfc80a67",
    "took_ms": 7.2,
    "answer_id": "WyJkZWZhdWx0Il0.aRbLdw.2vY0hVbQ3mQxk5nqS1r8Zt7Uj6wL4eGdPcXoTfKiHyA",
}
ABSTENTION: dict[str, Any] = {
    **ANSWER,
    "question": "who won the cup in 1998",
    "decision": "abstained",
    "answerable": 0.02,
    "reason": "not_covered",
    "citations": [],
    "related": [],
    "facets": {},
    "answer_id": None,
}
SUGGESTIONS: dict[str, Any] = {
    "suggestions": [
        {
            "text": _CITED["title"],
            "document_id": _CITED["id"],
            "kind": "question",
            "score": 1.0,
        }
    ]
}
DOCUMENT: dict[str, Any] = {
    **_CITED,
    "text": _TEXT,
    "sections": [
        {
            "start": 0,
            "end": 68,
            "heading": "Expert Answers",
            "level": 1,
            **_AUTHOR,
            "anchor": None,
            "author_url": None,
            "votes": None,
            "accepted": False,
        }
    ],
    "source": "history/collectivisation-and-famine.txt",
}
CITATION: dict[str, Any] = {
    "citation_id": _ID,
    "document_id": _CITED["id"],
    "state": "moved",
    "start": 70,
    "end": 138,
    "quote": _TEXT,
    "snapshot": "f76588f5dfc80a67",
}
FORMATTED = (
    "groundedqa editors. (2026, November 24). Why did collectivisation end in famine in the Soviet "
    "countryside? The groundedqa sample corpus. "
    "https://study.example.org/history/collectivisation-and-famine"
)
