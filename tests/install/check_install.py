#!/usr/bin/env python3
"""Installs the build below an empty prefix, as README says, and uses what is there: the program runs from its new place, the
man page renders, bash completes. A shell or groff that is missing is said and its check left out.

check_install.py CMAKE BUILD
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

CMAKE, BUILD = sys.argv[1:]
FILES = ["bin/ascribe", "share/man/man1/ascribe.1", "share/bash-completion/completions/ascribe",
         "share/zsh/vendor-completions/_ascribe", "share/fish/vendor_completions.d/ascribe.fish", "share/doc/ascribe/LICENSE"]
# What bash offers after `ascribe rep` and after `ascribe report --fo`.
COMPLETE = """
source "$1"
for line in 'ascribe rep' 'ascribe report --fo'; do
  COMP_WORDS=($line) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  _ascribe
  echo "${COMPREPLY[@]}"
done
"""


def output(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60, **options)


def tool(name):
    if not shutil.which(name):
        print(f"not checked, {name} is missing")
        return False
    return True


def faults(prefix):
    output(CMAKE, "--install", BUILD, "--prefix", prefix)
    missing = [file for file in FILES if not (prefix / file).is_file() or not (prefix / file).stat().st_size]
    if missing:
        yield f"not installed, or empty: {missing}"
        return
    ascribe, manual, bash, zsh, fish, _ = (prefix / file for file in FILES)
    if not output(ascribe, "--version").stdout.startswith("ascribe "):
        yield "the installed program does not tell its version"
    if output(ascribe, "manual").stdout != manual.read_text():
        yield "the installed man page is not the program's"
    if tool("groff"):
        rendered = output("groff", "-man", "-Tutf8", "-ww", "-P-cbou", manual)  # -cbou: plain text, no bold
        if rendered.stderr or "SYNOPSIS" not in rendered.stdout:
            yield f"groff on the man page: {rendered.stderr[:300]}"
    if tool("bash"):
        offered = output("bash", "-c", COMPLETE, "bash", bash).stdout.splitlines()
        if offered != ["report", "--format"]:
            yield f"bash completes to {offered}"
    for shell, script in (("zsh", zsh), ("fish", fish)):
        if tool(shell):
            output(shell, "-n", script)


with tempfile.TemporaryDirectory() as folder:
    found = list(faults(pathlib.Path(folder)))
print("\n".join(found))
sys.exit(bool(found))
