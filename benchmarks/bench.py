"""Speed and memory: ratios and differences within one run, against what the issues ask for.

``python -m benchmarks.bench [PART ...]``: all but ``retrieval-large`` and ``sizing`` without
a name, for those make corpora of 300,000 passages first. Exit status 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import encoding, load, reading, rebuilding, retrieval, serving, sizing
from benchmarks.report import Line

PARTS = {
    "reading": reading.run,
    "encoding": encoding.run,
    "serving": serving.run,
    "load": load.run,
    "rebuilding": rebuilding.run,
    "retrieval": retrieval.run,
    "retrieval-large": retrieval.run_large,
    "sizing": sizing.run,
}
_SLOW = ("retrieval-large", "sizing")


def main() -> int:
    """Run the parts that were named, print their lines, and say whether every bound is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[[], *PARTS], help="all that are fast, unless named"
    )
    names = parser.parse_args().parts or [part for part in PARTS if part not in _SLOW]
    missed: list[Line] = []
    for name in names:
        print(f"== {name}", flush=True)
        for line in PARTS[name]():
            print(line, flush=True)
            if not line.is_met:
                missed.append(line)
    print(f"{len(missed)} bounds missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
