"""What every case on the executable stands on: it is built in an empty folder from `ascribe demo`; nothing outside it is touched."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ASCRIBE = pathlib.Path(sys.argv.pop(1)).resolve()
CLEAN, FINDINGS, USAGE, INSUFFICIENT, INTEGRITY, INTERRUPTED = range(6)
IIS_HEAD = b"#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status\r\n"
WEB_LINE = '203.0.113.7 - - [02/Mar/2021:10:00:{:02d} +0000] "GET /{}?d=../../etc/passwd HTTP/1.1" 200 1234 "-" "sqlmap/1.7"\n'
# Bidi override, OSC 8 and 52, CSI, a newline and markup: none may reach a terminal or a page as itself.
HOSTILE = "a\u202eb\x1b]8;;http://x\x07\x1b[31m<script>alert(1)</script>'\";--"


def run(*words, stdin=None, env=None, cwd=None):
    done = subprocess.run([str(ASCRIBE), *map(str, words)], input=stdin, capture_output=True, cwd=cwd,
                          env={**os.environ, **(env or {})}, timeout=120)
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    return done


def wait_until_it_listens(child, number=signal.SIGINT):
    """Until the program catches a signal: on a busy machine that can take longer than any fixed while."""
    for _ in range(600):
        caught = re.search(r"SigCgt:\s*(\w+)", pathlib.Path(f"/proc/{child.pid}/status").read_text())
        if caught and int(caught.group(1), 16) >> (number - 1) & 1:
            return
        time.sleep(0.05)
    raise AssertionError("the program never caught the signal")


def case_of(*words, **more):
    done = run("investigate", *words, "--json", "-q", **more)
    return json.loads(done.out), done.returncode


class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="ascribe-cli-"))
        cls.hacked, cls.clean = cls.shared / "hacked", cls.shared / "clean"
        for folder, story in ((cls.hacked, "intrusion"), (cls.clean, "clean")):
            assert run("demo", "--story", story, "--write", folder).returncode == 0
        cls.log = next(cls.hacked.rglob("W3SVC1/u_ex210303.log"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.shared)

    def setUp(self):
        self.here = pathlib.Path(tempfile.mkdtemp(dir=self.shared))

    def plain(self, done):
        """Nothing but text: no escape, no control byte, no bidi."""
        for text in (done.out, done.err):
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
