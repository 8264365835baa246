"""Encoders: one of each for all collections of a process."""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary

from groundedqa.encode import CoalescedEncoder, load_exported
from groundedqa.snapshot import Collection


class Encoders:
    """Loads each encoder once, however many Askers answer with it; threads may share it.

    An encoder is given back when the last Asker that has it is.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: WeakValueDictionary[str, CoalescedEncoder] = WeakValueDictionary()

    def of(self, collection: Collection, name: str) -> CoalescedEncoder:
        """The encoder of this name, from the folder that the collections of an index share.

        Raises:
            EncoderError: it is not there, or does not load.
        """
        key = f"{collection.encoders.absolute()}/{name}"
        with self._lock:  # a second collection waits rather than load it again
            found = self._loaded.get(key)
            if found is None:
                exported = load_exported(collection.encoders, name, self._threads)
                found = self._loaded[key] = CoalescedEncoder(exported)
            return found
