"""Labelled questions that a collection is tuned on, kept for the builds to come."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import EvaluationData
from groundedqa.snapshot import Collection, replace_text

VERSION = 2  # raised when the same corpus is fitted otherwise, or builtin.json is another


@dataclass(frozen=True, slots=True)
class _Kept:
    """The file's content."""

    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    unanswerable: dict[str, str]


_JSON = TypeAdapter(_Kept)


def save_labelled(collection: Collection, data: EvaluationData) -> None:
    """Keep the questions, in the place of those kept before."""
    kept = {"queries": data.queries, "qrels": data.qrels, "unanswerable": data.unanswerable}
    replace_text(collection.labelled, json.dumps(kept, ensure_ascii=False, sort_keys=True) + "\n")


def forget_labelled(collection: Collection) -> None:
    """Tune on the corpus's own pages again."""
    collection.labelled.unlink(missing_ok=True)


def labelled(collection: Collection) -> EvaluationData | None:
    """The questions that are kept; None without any.

    Raises:
        ConfigurationError: the file is not what was kept.
    """
    if not collection.labelled.exists():
        return None
    try:
        kept = _JSON.validate_json(collection.labelled.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigurationError(
            f"{collection.labelled} can't be read: {error!r}; label anew with: groundedqa tune "
            "--queries FILE --qrels FILE, or return to the corpus's own pages with: "
            "groundedqa tune --own"
        ) from error
    return EvaluationData(kept.queries, kept.qrels, unanswerable=kept.unanswerable)


def tuning_input(data: EvaluationData | None) -> str:
    """What a snapshot's inputs have of its tuning: on these questions, or on its own pages."""
    if data is None:
        return f"{VERSION}, own pages"
    kept = json.dumps([data.queries, data.qrels, data.unanswerable], sort_keys=True)
    return f"{VERSION}, {hashlib.sha256(kept.encode()).hexdigest()[:16]}"
