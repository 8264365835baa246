"""Speed and memory: ratios and differences within one run, against what the issues ask for.

``python -m benchmarks.bench [encoding] [serving] [rebuilding]``: all of them without a name.
Exit status 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import encoding, rebuilding, serving
from benchmarks.report import Line

PARTS = {"encoding": encoding.run, "serving": serving.run, "rebuilding": rebuilding.run}


def main() -> int:
    """Run the parts that were named, print their lines, and say whether every bound is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="all, unless named")
    names = parser.parse_args().parts or list(PARTS)
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
