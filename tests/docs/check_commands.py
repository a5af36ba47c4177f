#!/usr/bin/env python3
"""Runs every `$ ascribe ...` line that README.md and docs/ quote, in order, in one empty folder a document, and checks that
each line of output quoted below it is really printed. A line `...` stands for what was left out.

check_commands.py ASCRIBE ROOT
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HONEST_EXITS = {0, 1, 3}  # clean, findings, insufficient: all of them are answers


def blocks(text):
    """(command, quoted output lines) of the fenced console blocks, in order."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S):
        command, output = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line[2:], []
            elif line.strip() not in ("", "..."):
                output.append(line.strip())
        if command:
            yield command, output


def check(document, ascribe, folder):
    ran = 0
    for command, expected in blocks(document.read_text()):
        if not command.startswith("ascribe "):
            continue
        words = [str(ascribe)] + shlex.split(command)[1:]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
        ran += 1
        if done.returncode not in HONEST_EXITS:
            yield f"{document.name}: `{command}` ended with {done.returncode}: {done.stderr.strip()[-300:]}"
        printed = {line.strip() for line in done.stdout.splitlines()}
        for line in expected:
            if line not in printed:
                yield f"{document.name}: `{command}` no longer prints: {line}"
    print(f"{document.name}: {ran} commands")


def main():
    ascribe, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    faults = []
    for document in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        with tempfile.TemporaryDirectory() as folder:
            faults += check(document, ascribe, folder)
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
