"""A process that changes an index and is killed on the way, and what must hold afterwards."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from groundedqa.ask import Asker, Wanted
from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection, allow, build_lock, removed, take_down, verify
from groundedqa.types import Filters
from tests.support.processes import PYTHON

_WORK = """
import os, signal, sys
from pathlib import Path
from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import (
    Collection, allow, build_lock, current, prune, publish, removed, rollback, take_down,
)

index, corpus, model, last, round = sys.argv[1:]
collection, corpus, last = Collection(Path(index)), Path(corpus), int(last)
watched = ("open", "os.", "shutil.", "sqlite3.", "fcntl.", "tempfile.")
count = 0


def hook(event, arguments):
    global count
    if event.startswith(watched):
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)


print("go", flush=True)
sys.addaudithook(hook)
settings = BuildSettings(model, passage_tokens=48, tunes=False)
for number in range(1, 10**9 if last < 0 else 3):
    (corpus / "extra.md").write_text(f"# Extra\\n\\nState {round} {number} of this page.\\n")
    built = build(corpus, collection, settings).snapshot
    with build_lock(collection.build_lock):
        rollback(collection)
        publish(collection, built)
    with build_lock(collection.build_lock):
        take_down(collection, ["rain"])
    build(corpus, collection, settings)
    with build_lock(collection.build_lock):
        allow(collection, ["rain"])
        prune(collection, 2)
print(count)
"""


@dataclass(frozen=True)
class Work:
    """Building, publishing, rolling back, taking down and pruning, in a process of its own."""

    collection: Collection
    corpus: Path
    model: Path

    def steps(self) -> int:
        """How many steps there are to be killed at: files opened, renamed, deleted and so on."""
        with self._process(0, 0) as process:
            said = process.communicate()[0]
        assert process.returncode == 0
        return int(said.split()[-1])

    def killed_at(self, step: int, number: int) -> None:
        """Kill it when it takes a step; the steps count from 1."""
        with self._process(step, number) as process:
            process.communicate()
        assert process.returncode in (-signal.SIGKILL, 0)  # an edit more or less moves the steps

    def killed_after(self, seconds: float, number: int) -> None:
        """Let it run over and over, and kill it after a time, wherever that is."""
        with self._process(-1, number) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "go\n"
            time.sleep(seconds)
            process.kill()
        assert process.returncode == -signal.SIGKILL

    def check(self) -> None:
        """What was published loads and answers; a new build succeeds and does too."""
        self._answers(verify(self.collection).snapshot)
        build(self.corpus, self.collection, BuildSettings(str(self.model), 48, tunes=False))
        manifest = verify(self.collection)
        self._answers(manifest.snapshot)
        finished = {path.name for path in self.collection.snapshots.iterdir()}
        assert not any(name.startswith(".") for name in finished)
        for name in finished:
            verify(self.collection, name)
        self._finish_removal()

    def _finish_removal(self) -> None:
        """A removal that was killed is finished by running it again."""
        with build_lock(self.collection.build_lock):
            take_down(self.collection, ["rain"])
            allow(self.collection, ["rain"])
        files = [path for path in self.collection.home.rglob("*") if path.is_file()]
        assert not [path for path in files if b"heavy enough" in path.read_bytes()]

    def _answers(self, snapshot_id: str) -> None:
        asker = Asker(self.collection)
        try:
            answer = asker.ask("how do clouds form", wanted=Wanted(k=3, near_misses=True))
            left_out = removed(self.collection)
            rain = asker.retrieve("drops of rain", 50, Filters())
        finally:
            asker.close()
        assert answer.snapshot == snapshot_id
        shown = answer.citations or answer.near_misses
        assert len(shown) == 3
        for citation in shown:
            assert citation.document.text[citation.start : citation.end] == citation.quote
        # Removed and not yet out of what is published: only a kill within the removal does that.
        assert left_out in ((), ("rain",))
        assert {hit.passage.doc_id for hit in rain} >= {"clouds", "snow", "tides"}

    def _process(self, last: int, number: int) -> subprocess.Popen[str]:
        where = (self.collection.index, self.corpus, self.model)
        return subprocess.Popen(
            [PYTHON, "-c", _WORK, *map(str, where), str(last), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
