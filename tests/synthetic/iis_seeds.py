#!/usr/bin/env python3
"""Hunts generated Exchange front-end logs, seed by seed, and compares with their truth files: a line of a Markdown table each.

iis_seeds.py ASCRIBE GENERATOR [--seeds 10] [--mb 64] [--fields default]

GENERATOR is gen_iis.py, an independent oracle that is not part of this repository. Planted attack lines must be found at a level above scan
note; a false alert is such a finding on a line that is neither planted nor scanner traffic; damaged lines must be listed with their offset,
and records + bad + directives must be the lines of the file.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def measure(options, seed, folder):
    log = folder / f"u_ex{seed:02}.log"
    run([sys.executable, options.generator, log, "--mb", str(options.mb), "--seed", str(seed), "--fields", options.fields])
    attack, damaged = set(), set()
    for line in open(f"{log}.truth.jsonl"):
        item = json.loads(line)
        {"attack": attack, "damaged": damaged}.get(item["kind"], set()).add(item["offset"])
    scans = {int(line) for line in open(f"{log}.scan.txt")}
    lines = log.read_bytes().count(b"\n")
    told, notes = {}, set()
    for line in run([options.ascribe, "hunt", log, "--only", "coded", "--jsonl", "--quiet"]).splitlines():
        item = json.loads(line)
        if item.get("scan"):
            notes.add((item["rule_id"], item["title"]))
        else:
            told.setdefault(item["offset"], set()).add(item["rule_id"])
    case = json.loads(run([options.ascribe, "investigate", log, "--json", "--quiet"]))
    account = case["accounting"][0]
    bad = {item["offset"] for item in case["damage"]}
    false = {offset: rules for offset, rules in told.items() if offset not in attack and offset not in scans}
    accounted = account["records"] + account["bad"] + account["directives"]
    for path in folder.iterdir():
        path.unlink()
    ok = attack <= told.keys() and bad == damaged and len(false) <= lines / 1e6 and accounted == lines
    print(f"| {seed} | {lines:,} | {len(attack & told.keys())} of {len(attack)} | {len(false)} | {len(notes)} | {len(bad & damaged)} of {len(damaged)} | {lines - accounted} | {'yes' if ok else 'NO'} |", flush=True)
    for offset, rules in list(false.items())[:5]:
        print(f"  false at {offset}: {', '.join(sorted(rules))}", file=sys.stderr)
    for offset in sorted(attack - told.keys())[:5]:
        print(f"  missed at {offset}", file=sys.stderr)
    return lines, len(false), ok


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ascribe")
    parser.add_argument("generator")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--mb", type=float, default=64)
    parser.add_argument("--fields", default="default", choices=["default", "xff", "proxy"])
    options = parser.parse_args()
    print("| Seed | Lines | Planted attack lines found | False alerts | Scan notes | Damaged lines listed | Lines unaccounted | Holds |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, options.seeds + 1):
            results.append(measure(options, seed, pathlib.Path(folder)))
    lines, false = sum(r[0] for r in results), sum(r[1] for r in results)
    print(f"\n{lines:,} lines, {false} false alerts ({1e6 * false / lines:.2f} a million lines); {sum(r[2] for r in results)} of {len(results)} seeds hold.")
    sys.exit(0 if all(r[2] for r in results) else 1)


if __name__ == "__main__":
    main()
