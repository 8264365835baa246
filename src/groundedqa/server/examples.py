"""One answer, document and citation as the OpenAPI document shows them; of the sample corpus."""

from __future__ import annotations

from typing import Any

_TEXT = "Historians estimate that between five and eight million people died."
_ID = "history--collectivisation-and-famine.0-68.1a4ed6c8f9dee9fa"
_CITED: dict[str, Any] = {
    "id": "history--collectivisation-and-famine",
    "title": "Why did collectivisation end in famine in the Soviet countryside?",
    "url": "https://study.example.org/history/collectivisation-and-famine",
    "kind": "qa",
    "licence": "CC BY 4.0",
    "published": "2026-11-24",
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
    "answerable": None,
    "citations": [
        {
            "rank": 1,
            "score": 0.61,
            "quote": _TEXT,
            "start": 0,
            "end": 68,
            "citation_id": _ID,
            "document": _CITED,
            "section": ["Expert Answers"],
            **_AUTHOR,
            "page": None,
            "link": f"{_CITED['url']}#:~:text=Historians%20estimate%20that%20between,people%20died",
        }
    ],
    "snapshot": "f76588f5dfc80a67",
    "took_ms": 7.2,
}
DOCUMENT: dict[str, Any] = {
    **_CITED,
    "language": "en",
    "text": _TEXT,
    "sections": [{"start": 0, "end": 68, "heading": "Expert Answers", "level": 1, **_AUTHOR}],
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
