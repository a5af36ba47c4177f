#!/usr/bin/env python3
"""Fails when a file includes sideways or upwards. The floors are the architecture; docs/architecture.md explains them."""
import pathlib
import re
import sys

FLOORS = [["base"], ["model"], ["intel"], ["shells"],
          ["evidence", "parse", "detect", "correlate", "attribute", "casefile", "report", "notify"],
          ["engine"], ["fleet"], ["serve"], ["cli"]]
FLOOR = {folder: height for height, folders in enumerate(FLOORS) for folder in folders}


def offences(root):
    for file in sorted(root.rglob("*.[chd]*")):
        own = file.relative_to(root).parts[0]
        if own not in FLOOR:
            yield f"{file}: {own} is on no floor"
            continue
        for number, text in enumerate(file.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*["<]([A-Za-z_]\w*)/', text)
            if not match or match[1] not in FLOOR or match[1] == own:
                continue
            if FLOOR[match[1]] >= FLOOR[own]:
                yield f"{file}:{number}: {own} may not include {match[1]}"


if __name__ == "__main__":
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(bool(found))
