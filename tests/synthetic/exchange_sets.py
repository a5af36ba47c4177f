#!/usr/bin/env python3
"""Investigates synthetic Exchange servers (exchange.py), story by story, and compares with their truth: a line of a Markdown table a story.

exchange_sets.py ASCRIBE [--seeds 10]

Found: a planted line is evidence of a finding above scan note. False: such a finding of a line that is not planted. Page: behaviour.page told the shell,
whose name no rule knows. Clock: IIS logs in local time (every seventh seed) were corrected by what they are off.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import exchange


def investigate(ascribe, folder):
    done = subprocess.run([ascribe, "investigate", folder / "EX01", "--json", "--quiet"], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{folder} ended with {done.returncode}: {done.stderr[-400:]}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ascribe")
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    print("| Story | Servers | Planted lines found | Other lines told | Shell pages told by behaviour | Clocks corrected |\n| --- | --- | --- | --- | --- | --- |")
    failed = False
    for story in ("proxylogon", "proxyshell", "proxynotshell", "owassrf", "clean"):
        found = planted = false = pages = shells = clocks = skewed = 0
        for seed in range(1, options.seeds + 1):
            with tempfile.TemporaryDirectory() as name:
                folder = exchange.make(pathlib.Path(name), story, seed, behind_proxy=seed % 3 == 0)
                truth, case = json.loads((folder / "truth.json").read_text()), investigate(options.ascribe, folder)
            told, page_told, corrections = set(), False, {}
            name_of = lambda path: "EX01/" + path.split("EX01/")[-1]
            for finding in case["findings"]:
                if finding["level"] != "scan":
                    told |= {(name_of(ref["path"]), ref["offset"]) for ref in finding["evidence"]}
                page_told |= finding["detector"] == "behaviour.page" and finding["page"].lower() == truth["shell"].lower()
            for clock in case["clocks"]:
                corrections |= {path: clock["correction_minutes"] for path in clock["artefacts"]}
            wanted = {(line["file"], line["offset"]) for line in truth["lines"] if line["stage"] == "attack"}
            planted_lines = {(line["file"], line["offset"]) for line in truth["lines"]}
            found, planted, false = found + len(wanted & told), planted + len(wanted), false + len(told - planted_lines)
            pages, shells = pages + page_told, shells + bool(truth["shell"])
            for missed in sorted(wanted - told)[:3]:
                print(f"  {story} {seed} missed {missed}", file=sys.stderr)
            for extra in sorted(told - planted_lines)[:3]:
                print(f"  {story} {seed} also told {extra}", file=sys.stderr)
            if truth["iis_minutes"]:
                skewed += 1
                off = {minutes for path, minutes in corrections.items() if "W3SVC1" in path}
                clocks += off - {0} == {-truth["iis_minutes"]}  # an hour's rest of a file has too few rows to be corrected
        failed |= found < planted or clocks < skewed
        print(f"| {story} | {options.seeds} | {found} of {planted} | {false} | {f'{pages} of {shells}' if shells else '-'} | {f'{clocks} of {skewed}' if skewed else '-'} |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
