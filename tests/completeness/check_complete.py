#!/usr/bin/env python3
"""Fails when an extension point's folder or file is not in its array, or an entry has no file.

Each array's `extern const` names must be defined exactly once below the folder, and every constant of that type defined there
must be listed. Parsers must have two samples, one of them damaged, and a spec link.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
# No golden sample can be damaged: any text is a page; a program is judged only under its own name (tests/parse/pe_test.cpp).
NEVER_DAMAGED = {"page": 2, "pe": 1}
ARRAYS = {"parse": "Parser", "detect": "Detector", "report": "Exporter", "evidence": "Opener", "cli": "Command", "notify": "Outlet"}


def faults():
    for folder, kind in ARRAYS.items():
        listing = (ROOT / "src" / folder / "all.cpp").read_text()
        listed = set(re.findall(r"\bk[A-Z]\w*", listing))
        defined = {}
        for file in sorted((ROOT / "src" / folder).rglob("*.cpp")):
            if file.name == "all.cpp":
                continue
            for name in re.findall(rf"^(?:extern )?const {kind} (k\w+)\s*(?:[={{]|$)", file.read_text(), re.M):
                defined[name] = file
        if not defined:
            yield f"src/{folder}: no {kind} is defined"
        for name, file in defined.items():
            if name not in listed:
                yield f"{file.relative_to(ROOT)}: {name} is not in src/{folder}/all.cpp"
        for name in sorted(listed - set(defined)):
            yield f"src/{folder}/all.cpp: {name} is not defined as a {kind} below src/{folder}"
    for parser in sorted((ROOT / "src/parse").glob("*/parser.cpp")):
        name = parser.parent.name
        samples = list((ROOT / "tests/parse/golden" / name).glob("*.in*"))
        damaged = name in NEVER_DAMAGED or any(sample.name.startswith("damaged-") for sample in samples)
        if len(samples) < NEVER_DAMAGED.get(name, 2) or not damaged:
            yield f"tests/parse/golden/{name}: a parser needs two samples and a damaged one, found {len(samples)}"


found = list(faults())
print("\n".join(found))
sys.exit(bool(found))
