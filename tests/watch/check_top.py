#!/usr/bin/env python3
"""ascribe top in a terminal: drawn within its size, redrawn after a resize, without colour under NO_COLOR, ended by q, and with
no byte of a hostile log reaching the terminal as itself. On terminals that cannot place text, or none, it says what to do instead.

check_top.py ASCRIBE
"""
import fcntl
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

ASCRIBE = sys.argv[1]
HEAD = ("#Software: Microsoft Internet Information Services 10.0\r\n"
        "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\r\n")
HOSTILE = "/a\u202eb\x1b]8;;http://x\x07\x1b]52;c;eA==\x07\x9b31m.aspx"


def line(day, page, address="203.0.113.9", method="POST", status=200):
    return f"2021-03-{day:02} 10:00:00 {method} {page} - {address} Mozilla/5.0 {status}\r\n"


def read_for(terminal, seconds):
    out, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                piece = os.read(terminal, 1 << 16)
            except OSError:
                break
            if not piece:
                break
            out += piece
    return out


def resize(terminal, lines, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def run(log, no_color):
    number, terminal = pty.fork()
    if number == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.environ.pop("NO_COLOR", None)
        if no_color:
            os.environ["NO_COLOR"] = "1"
        os.execv(ASCRIBE, [ASCRIBE, "top", str(log)])
    resize(terminal, 24, 80)
    first = read_for(terminal, 3)
    with open(log, "a") as out:
        out.write(line(5, "/aspnet_client/kx00002demo.aspx", "203.0.113.77"))
    second = read_for(terminal, 2)
    resize(terminal, 40, 120)
    third = read_for(terminal, 2)
    os.write(terminal, b"q")
    rest = read_for(terminal, 2)
    _, status = os.waitpid(number, 0)
    return first, second, third, rest, os.waitstatus_to_exitcode(status)


def on_terminal(term, log, lines=24, columns=80):
    """What is shown on a terminal of this kind and size until q, and the exit code."""
    number, terminal = pty.fork()
    if number == 0:
        os.environ.pop("TERM", None)
        os.environ.update(LC_ALL="C.UTF-8", **({"TERM": term} if term is not None else {}))
        time.sleep(0.3)  # until the size is set
        os.execv(ASCRIBE, [ASCRIBE, "top", str(log)])
    resize(terminal, lines, columns)
    shown = read_for(terminal, 4)
    try:
        os.write(terminal, b"q")
    except OSError:
        pass
    shown += read_for(terminal, 3)
    _, status = os.waitpid(number, 0)
    return shown, os.waitstatus_to_exitcode(status)


def try_odd_terminals(log, check):
    for term in ("dumb", "no-such-terminal", "", None):
        shown, code = on_terminal(term, log)
        check(code == 2 and b"TERM" in shown and b"--once" in shown, f"TERM={term}: ended with {code}, said {shown[-200:]}")
        check(b"\x1b" not in shown, f"TERM={term}: was sent escapes")
    for lines, columns in ((24, 20), (3, 20), (1, 1)):
        shown, code = on_terminal("xterm", log, lines, columns)
        check(code == 1, f"{columns} columns, {lines} lines: ended with {code}")
        check(columns < 20 or b"ascribe top" in shown, f"{columns} columns: the head is missing")
        for text in re.split(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78]|[\r\n\x0f\x08]+", shown):
            check(len(text.decode(errors="replace")) <= columns, f"{columns} columns: a text of {len(text)} bytes, {text}")
    words = [ASCRIBE, "top", str(log)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    check(done.returncode == 2 and "needs a terminal" in done.stderr and done.stdout == "", f"without a terminal: {done}")
    for term in ("dumb", "no-such-terminal"):
        done = subprocess.run(words + ["--once"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "TERM": term})
        check(done.returncode == 1 and "Suspects" in done.stdout and "\x1b" not in done.stdout, f"--once, TERM={term}: {done}")


def main():
    faults = []

    def check(good, what):
        if not good:
            faults.append(what)

    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "u_ex.log"
        for no_color in (False, True):
            log.write_text(HEAD + line(1, "/owa/", "10.0.0.9", "GET") + line(5, HOSTILE, HOSTILE[1:9]) +
                           line(5, "/aspnet_client/kx00001demo.aspx"), newline="")
            first, second, third, rest, code = run(log, no_color)
            everything = first + second + third + rest
            check(b"Suspects" in first and b"kx00001demo" in first, "the first screen lacks the suspect")
            check(b"203.0.113.77" in second, "what was added to the log is not shown")
            check(b"Suspects" in third or b"Busiest" in third or len(third) > 0, "nothing is drawn after a resize")
            check(code == 1, f"ended with {code}, not 1 for findings")
            for hostile in (b"\x1b]8;", b"\x1b]52;", "\u202e".encode(), b"\x9b31m", "\x9b".encode()):
                check(hostile not in everything, f"{hostile} reached the terminal")
            colours = re.findall(rb"\x1b\[[0-9;]*\b(?:3[0-7]|4[0-7]|38;5;\d+)(?:;[0-9]+)*m", everything)
            check(bool(colours) != no_color, f"NO_COLOR {'set' if no_color else 'unset'}, colours {colours[:3]}")
        try_odd_terminals(log, check)
    print("\n".join(faults) or "top: drawn, followed, resized, ended, and refused where it cannot be")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
