#!/usr/bin/env python3
"""Measures behaviour.page on synthetic servers that fit.py never saw: shells found, and false pages on clean servers.

measure.py PAGE_FEATURES [--seeds 1000-1059] [--shells 2] [--fetched 0] [--clean 2000-2059] [--format iis]
                         [--show] [--floor 0.95] [--fetched-floor 0]
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


def servers(options, seeds, shells, fetched, form):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, ROOT / "tests/synthetic/servers.py", folder, "--seeds", seeds, "--shells", str(shells), "--fetched", str(fetched), "--format", form], check=True)
        truth = [json.loads(line) for line in open(folder / "truth.jsonl")]
        return truth, list(observe(options.page_features, folder))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page_features")
    parser.add_argument("--seeds", default="1000-1059")
    parser.add_argument("--shells", type=int, default=2, help="on each server of --seeds")
    parser.add_argument("--fetched", type=int, default=0, help="shells beside those that take commands from cookies and headers")
    parser.add_argument("--clean", default="2000-2059")
    parser.add_argument("--format", default="iis")
    parser.add_argument("--show", action="store_true", help="also print what was missed and what was false")
    parser.add_argument("--floor", type=float, default=GOAL, help="exit 1 below this share of shells found; the goal unless given")
    parser.add_argument("--fetched-floor", type=float, default=0, help="the same for those of --fetched")
    options = parser.parse_args()
    truth, pages = servers(options, options.seeds, options.shells, options.fetched, options.format)
    told = {(log, page) for _, shell, log, page, probability, _ in pages if shell and probability >= TOLD}
    planted, missed = {False: 0, True: 0}, []
    for server in truth:
        for shell in server["shells"]:
            fetched = shell["traits"]["method"] in ("header", "path")
            planted[fetched] += 1
            if (server["log"], shell["page"].lower()) not in told:
                missed.append((server["log"], shell, fetched))
    found = {kind: count - sum(fetched == kind for *_, fetched in missed) for kind, count in planted.items()}
    beside = sum(1 for _, shell, _, _, p, _ in pages if not shell and p >= TOLD)
    print(f"with shells: {len(truth)} servers, {sum(s['rows'] for s in truth)} rows; {beside} other pages told")
    for kind, words in ((False, "by POST or query"), (True, "by GET alone")):
        if planted[kind]:
            print(f"  commands {words}: {found[kind]} of {planted[kind]} shells found ({100 * found[kind] / planted[kind]:.1f} %)")
    for log, shell, _ in missed if options.show else []:
        seen = next((" ".join(sorted(f)) + f" {p:.2f}" for f, _, l, page, p, _ in pages if l == log and page == shell["page"].lower()), "no use seen")
        print("  missed", log, shell["page"], json.dumps(shell["traits"]), seen)
    truth, pages = servers(options, options.clean, 0, 0, options.format)
    false = [(log, page, p, seen, by != "used") for seen, _, log, page, p, by in pages if p >= TOLD]
    worst = max((sum(1 for item in false if item[0] == server["log"]) for server in truth), default=0)
    print(f"clean: {len(truth)} server-months, {sum(s['rows'] for s in truth)} rows, {len(pages)} pages judged; {len(false)} false pages ({len(false) / len(truth):.2f} a server-month, at most {worst} on one), {sum(item[-1] for item in false)} of them never used, only fetched")
    for log, page, p, seen, _ in false if options.show else []:
        print("  false", log, page, f"{p:.2f}", " ".join(sorted(seen)))
    enough = found[False] >= options.floor * planted[False] and found[True] >= options.fetched_floor * planted[True]
    sys.exit(0 if enough and len(false) <= MOST_FALSE * len(truth) else 1)


if __name__ == "__main__":
    main()
