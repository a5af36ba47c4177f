#!/usr/bin/python3
"""Speed of `ascribe shells` on clean trees beside libyara with public web-shell rules, on one core, in one run.

usage: speed.py ASCRIBE TREE... [--rules COMPILED] [--runs N] [--core N]
Everything is read once before, so that the disk is not measured. Medians of N runs. COMPILED: rules saved by yara-python with
the external variables filename, filepath, extension, filetype, owner, md5; the rules are fetched for the run and not kept."""
import argparse, os, statistics, subprocess, sys, time

YARA = r"""
import os, sys, yara
rules = yara.load(sys.argv[1])
for top in sys.argv[2:]:
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path): continue
            data = open(path, 'rb').read()
            rules.match(data=data, timeout=60, externals={'filename': name, 'filepath': '/var/www/html/' + name, 'extension': os.path.splitext(name)[1], 'filetype': '', 'owner': '', 'md5': ''})
"""


def read_all(trees):
    size = files = 0
    for tree in trees:
        for folder, _, names in os.walk(tree):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        size += len(file.read())
                    files += 1
    return files, size


def seconds(command, core, runs):
    took = []
    for _ in range(runs):
        start = time.monotonic()
        subprocess.run(["taskset", "-c", str(core)] + command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.append(time.monotonic() - start)
    return statistics.median(took), took


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("ascribe")
arguments.add_argument("trees", nargs="+")
arguments.add_argument("--rules")
arguments.add_argument("--runs", type=int, default=5)
arguments.add_argument("--core", type=int, default=0)
given = arguments.parse_args()
files, size = read_all(given.trees)
print(f"{files} files, {size / 1e6:.1f} MB: {' '.join(given.trees)}")
ours, all_ours = seconds([given.ascribe, "shells", *given.trees, "--jsonl", "-q", "-j", "1"], given.core, given.runs)
print(f"ascribe shells      {ours:7.2f} s  {size / 1e6 / ours:7.1f} MB/s  {files / ours:8.0f} files/s  runs {[round(t, 2) for t in all_ours]}")
if given.rules:
    theirs, all_theirs = seconds([sys.executable, "-c", YARA, given.rules, *given.trees], given.core, max(1, given.runs // 3))
    print(f"yara, {os.path.basename(given.rules)}  {theirs:7.2f} s  {size / 1e6 / theirs:7.1f} MB/s  {files / theirs:8.0f} files/s  runs {[round(t, 2) for t in all_theirs]}")
    print(f"ratio {theirs / ours:.1f}")
