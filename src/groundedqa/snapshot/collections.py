"""The collections of an index: which there are, what each serves, and removing one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from groundedqa.errors import CollectionNotFoundError, ConfigurationError
from groundedqa.snapshot.files import disk_errors
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.manifest import Manifest
from groundedqa.snapshot.publish import current

_ASIDE = ".removed-"


@dataclass(frozen=True, slots=True)
class Served:
    """What a collection has published, and since when."""

    collection: str
    snapshot: str
    documents: int
    passages: int
    published: datetime


def collections(index: Path) -> list[Collection]:
    """Those that have something published, by name."""
    if not index.is_dir():
        return []
    found = []
    for path in sorted(index.iterdir()):
        try:
            collection = Collection(index, path.name)
        except ConfigurationError:  # what else stands there
            continue
        if collection.current.is_file():
            found.append(collection)
    return found


def served(collection: Collection) -> Served:
    """What is published of it, from its manifest alone: nothing is opened or verified.

    Raises:
        CollectionNotFoundError: nothing is.
        SnapshotError: its manifest is not what was written.
    """
    snapshot = current(collection)
    if snapshot is None:
        raise not_found(collection.name)
    manifest = Manifest.read(collection.snapshot(snapshot))
    return Served(
        collection=collection.name,
        snapshot=snapshot,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        published=datetime.fromtimestamp(collection.current.stat().st_mtime, UTC),
    )


def remove_collection(collection: Collection) -> None:
    """Delete a collection with all of its snapshots, and what was remembered for its builds.

    It is out of sight in one rename: a running service answers for it no more, and gives its files
    back within seconds. The caller holds the build lock.

    Raises:
        CollectionNotFoundError: there is none of this name.
        StorageError: the disk refuses; run it again.
    """
    if not collection.home.is_dir():
        raise not_found(collection.name)
    with disk_errors(str(collection.home)):
        aside = collection.home.with_name(_ASIDE + collection.name)
        shutil.rmtree(aside, ignore_errors=True)  # one that was killed on its way
        shutil.rmtree(collection.home.rename(aside))


def not_found(name: str) -> CollectionNotFoundError:
    """The error for a name that nothing is served under."""
    return CollectionNotFoundError(
        f"there is no collection {name[:80]!r}; make one with: groundedqa build --collection NAME"
    )
