"""Everything that groundedqa raises on purpose, as one tree.

GroundedQAError
├── ConfigurationError          a setting, a flag or site.toml
├── CorpusError                 the corpus as a whole
│   └── SourceError             one source; named in the build report
├── EncoderError
│   ├── EncoderMissingError     weights or the exported model are not there
│   └── EncoderMismatchError    another encoder than the snapshot's
├── SnapshotError
│   ├── SnapshotMissingError    nothing is published
│   ├── SnapshotCorruptError    a file is missing or is not what was written
│   ├── SnapshotFormatError     written by another version of groundedqa
│   └── BuildLockedError        another build is writing
├── StorageError                the disk refused
├── QuestionError               a question that can't be asked
├── FeedbackError               feedback that can't be taken
│   └── InvalidAnswerIdError    the answer's id is forged, damaged or too old
├── UnauthorizedError           no key, or none that opens anything
├── ForbiddenError              a key that is not for this
├── RateLimitError              asked too often
└── NotFoundError
    ├── CollectionNotFoundError
    ├── DocumentNotFoundError
    ├── CitationNotFoundError
    └── KeyNotFoundError

A message names the thing and the mend, so that it can be shown as it is.
"""

from __future__ import annotations


class GroundedQAError(Exception):
    """The base of the tree: catching it catches whatever groundedqa raises on purpose."""


class ConfigurationError(GroundedQAError):
    """A setting, a flag or a site profile is wrong."""


class CorpusError(GroundedQAError):
    """The corpus as a whole can't be built."""


class SourceError(CorpusError):
    """One source can't be read; the build names it in its report and goes on."""


class EncoderError(GroundedQAError):
    """The encoder can't do what was asked."""


class EncoderMissingError(EncoderError):
    """Weights, or the model exported from them, are not where they should be."""


class EncoderMismatchError(EncoderError):
    """A snapshot was made by another encoder than the one at hand."""


class SnapshotError(GroundedQAError):
    """A snapshot can't be read or written."""


class SnapshotMissingError(SnapshotError):
    """Nothing is published, or the snapshot that was named does not exist."""


class SnapshotCorruptError(SnapshotError):
    """A snapshot's file is missing or differs from what its manifest says."""


class SnapshotFormatError(SnapshotError):
    """A snapshot was written in another format than this version reads."""


class BuildLockedError(SnapshotError):
    """Another process is writing to the same collection."""


class StorageError(GroundedQAError):
    """The disk is full, or refused to be written to."""


class QuestionError(GroundedQAError):
    """A question is empty, too long or not text."""


class FeedbackError(GroundedQAError):
    """Feedback is not on a citation that the answer held."""


class InvalidAnswerIdError(FeedbackError):
    """An answer's id was not given out by this service, or too long ago."""


class UnauthorizedError(GroundedQAError):
    """A request came without a key, or with one that opens nothing."""


class ForbiddenError(GroundedQAError):
    """A key is not for what was asked, or for where it was asked from."""


class RateLimitError(GroundedQAError):
    """A key or an address asked more often than it may.

    ``retry_after`` is in seconds; ``standings`` say where it stands with each of its limits.
    """

    def __init__(self, message: str, retry_after: int, standings: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.standings = standings


class NotFoundError(GroundedQAError):
    """What was named is not there."""


class CollectionNotFoundError(NotFoundError):
    """Nothing is served under this name."""


class DocumentNotFoundError(NotFoundError):
    """No document has this id."""


class CitationNotFoundError(NotFoundError):
    """This is no citation id."""


class KeyNotFoundError(NotFoundError):
    """No key, or more than one, has this id."""
