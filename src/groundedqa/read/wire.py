"""What passes between a build and the processes that read for it: frames of JSON over pipes.

No pickle: a process that parsed a hostile file may be in that file's hands, so what it says is
taken apart as data and every value is checked for its type. A frame is four bytes of length and
a list of items; an item is a list of its kind and its values.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from groundedqa.read.events import Event, Notice, Opened, Problem
from groundedqa.read.raw import Dropped
from groundedqa.types import Document

LENGTH = struct.Struct(">I")
MOST = 2**30  # bytes of a frame; more is no honest worker's

Item = list[Any]
READY = "ready"  # the worker has started
END = "end"  # the source is read
MEMORY = "memory"  # it needed too much; the worker ends
FULL_DISK = "full disk"  # some library's temporary file met one; with the error's number
FAULT = "fault"  # what the worker ends of, in words

_KINDS: dict[str, type[Opened | Problem | Notice | Document | Dropped]] = {
    "opened": Opened,
    "problem": Problem,
    "notice": Notice,
    "document": Document,
    "dropped": Dropped,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_ITEMS: TypeAdapter[list[Item]] = TypeAdapter(list[Item])
_VALIDATE: dict[str, Callable[[Any], Event | Dropped]] = {
    name: TypeAdapter(kind).validate_python for name, kind in _KINDS.items()
}


def item_of(event: Event | Dropped) -> Item:
    """An event as a frame has it."""
    return [_NAMES[type(event)], asdict(event)]


def event_of(item: Item) -> Event | Dropped | None:
    """The event of an item; None where it is of another kind.

    Raises:
        ValueError: its values are not what an event has.
    """
    check = _VALIDATE.get(item[0]) if item else None
    return check(item[1]) if check and len(item) > 1 else None


def frame(items: list[Item]) -> bytes:
    """The items as bytes; lone surrogates survive."""
    data = json.dumps(items, default=str).encode("ascii")
    return LENGTH.pack(len(data)) + data


def taken_off(buffer: bytearray) -> Iterator[tuple[int, list[Item]]]:
    """The whole frames at the beginning of what has come, each with its size; they go off it.

    Raises:
        ValueError: one is too long, or is no list of items.
    """
    while len(buffer) >= LENGTH.size:
        size = LENGTH.unpack_from(buffer)[0]
        if size > MOST:
            raise ValueError("no frame is so long")
        end = LENGTH.size + size
        if len(buffer) < end:
            return
        data = bytes(buffer[LENGTH.size : end])
        del buffer[:end]
        yield size, _ITEMS.validate_python(json.loads(data))
