#!/usr/bin/env python3
"""Measures behaviour.page on synthetic servers that fit.py never saw: shells found, and false pages on clean servers.

measure.py PAGE_FEATURES [--seeds 1000-1059] [--shells 2] [--clean 2000-2059] [--format iis] [--show]
                         [--floor 0.95]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from fit import ROOT, observe

TOLD = 0.5  # as in page.cpp
GOAL, MOST_FALSE = 0.95, 1.0  # shells; pages a clean server-month


def servers(options, seeds, shells, form):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, ROOT / "tests/synthetic/servers.py", folder, "--seeds", seeds, "--shells", str(shells), "--format", form], check=True)
        truth = [json.loads(line) for line in open(folder / "truth.jsonl")]
        return truth, list(observe(options.page_features, folder))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page_features")
    parser.add_argument("--seeds", default="1000-1059")
    parser.add_argument("--shells", type=int, default=2, help="on each server of --seeds")
    parser.add_argument("--clean", default="2000-2059")
    parser.add_argument("--format", default="iis")
    parser.add_argument("--show", action="store_true", help="also print what was missed and what was false")
    parser.add_argument("--floor", type=float, default=GOAL, help="exit 1 below this share of shells found; the goal unless given")
    options = parser.parse_args()
    truth, pages = servers(options, options.seeds, options.shells, options.format)
    told = {(log, page) for _, shell, log, page, probability in pages if shell and probability >= TOLD}
    planted, missed = 0, []
    for server in truth:
        for shell in server["shells"]:
            planted += 1
            if (server["log"], shell["page"].lower()) not in told:
                missed.append((server["log"], shell))
    beside = sum(1 for _, shell, _, _, p in pages if not shell and p >= TOLD)
    print(f"with shells: {len(truth)} servers, {sum(s['rows'] for s in truth)} rows; {planted - len(missed)} of {planted} shells found ({100 * (planted - len(missed)) / planted:.1f} %), {beside} other pages told")
    for log, shell in missed if options.show else []:
        seen = next((" ".join(sorted(f)) + f" {p:.2f}" for f, _, l, page, p in pages if l == log and page == shell["page"].lower()), "no use seen")
        print("  missed", log, shell["page"], json.dumps(shell["traits"]), seen)
    truth, pages = servers(options, options.clean, 0, options.format)
    false = [(log, page, p, seen) for seen, _, log, page, p in pages if p >= TOLD]
    worst = max((sum(1 for item in false if item[0] == server["log"]) for server in truth), default=0)
    print(f"clean: {len(truth)} server-months, {sum(s['rows'] for s in truth)} rows, {len(pages)} pages judged; {len(false)} false pages ({len(false) / len(truth):.2f} a server-month, at most {worst} on one)")
    for log, page, p, seen in false if options.show else []:
        print("  false", log, page, f"{p:.2f}", " ".join(sorted(seen)))
    sys.exit(0 if planted - len(missed) >= options.floor * planted and len(false) <= MOST_FALSE * len(truth) else 1)


if __name__ == "__main__":
    main()
