#!/usr/bin/env python3
"""`ascribe shells` as a user meets it: forms of output, exit codes, baseline, archives, standard input, hostile names and bytes.
Pages are the inert one-liners of one_liners/, which live in a temporary folder for the moment of the test.

check_shells.py ASCRIBE
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

ASCRIBE = pathlib.Path(sys.argv.pop(1)).resolve()
HERE = pathlib.Path(__file__).parent
CLEAN, FINDINGS, USAGE, INSUFFICIENT = range(4)
HOSTILE = "a\u202eb\x1b[31m<script>'\";--.php"


def run(*words, stdin=None, cwd=None):
    done = subprocess.run([str(ASCRIBE), "shells", *map(str, words)], input=stdin, capture_output=True, cwd=cwd, timeout=120)
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    return done


def one_liner(language, number):
    lines = [l for l in (HERE / "one_liners" / f"{language}.hex").read_text().splitlines() if l and not l.startswith("#")]
    return bytes.fromhex(lines[number].split("  # ")[0])


class Shells(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ascribe-shells-"))
        (self.folder / "web/upload").mkdir(parents=True)
        (self.folder / "web/index.php").write_bytes(b"<?php echo htmlspecialchars('Hello'); ?>\n")
        (self.folder / "web/style.css").write_bytes(b"body { color: black }\n")
        (self.folder / "web/upload/a.php").write_bytes(one_liner("php", 0))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def lines(self, done):
        return [json.loads(line) for line in done.out.splitlines()]

    def test_a_line_for_every_file(self):
        done = run(self.folder, "--jsonl", "-q")
        self.assertEqual(done.returncode, FINDINGS, done.err)
        told = {pathlib.Path(o["path"]).name: o for o in self.lines(done)}
        self.assertEqual(set(told), {"index.php", "style.css", "a.php"})
        for one in told.values():
            for key in ("path", "verdict", "score", "language", "reasons"):
                self.assertIn(key, one)
        self.assertEqual({name: o["verdict"] for name, o in told.items()},
                         {"index.php": "benign", "style.css": "benign", "a.php": "malicious"})
        self.assertTrue(told["a.php"]["reasons"])
        self.assertEqual(told["a.php"]["language"], "php")
        self.assertEqual(told["a.php"]["sha256"], hashlib.sha256(one_liner("php", 0)).hexdigest())

    def test_the_same_for_any_number_of_workers(self):
        for number in range(40):
            (self.folder / f"web/{number:02}.php").write_bytes(one_liner("php", number % 20))
        one = run(self.folder, "--jsonl", "-q", "-j", "1").out
        for workers in (2, 5):
            self.assertEqual(run(self.folder, "--jsonl", "-q", "-j", workers).out, one)

    def test_exit_codes(self):
        self.assertEqual(run(self.folder / "web/index.php").returncode, CLEAN)
        self.assertEqual(run(self.folder / "web/upload").returncode, FINDINGS)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertEqual(run(empty).returncode, INSUFFICIENT)
        for words in ((self.folder / "absent",), (self.folder, "--fail-on", "benign"), (self.folder, "--jsonl", "--sarif"),
                      (self.folder, "--baseline", self.folder / "absent"), ("explain",)):
            self.assertEqual(run(*words).returncode, USAGE, words)

    def test_baseline(self):
        kept = self.folder / "baseline"
        self.assertEqual(run(self.folder / "web", "--write-baseline", kept, "-q").returncode, FINDINGS)
        self.assertIn(hashlib.sha256(one_liner("php", 0)).hexdigest(), kept.read_text())
        done = run(self.folder / "web", "--baseline", kept, "--jsonl", "-q")
        self.assertEqual(done.returncode, CLEAN)
        self.assertEqual([o.get("accepted") for o in self.lines(done) if o["verdict"] != "benign"], [True])
        (self.folder / "web/upload/a.php").write_bytes(one_liner("php", 0) + b"\n")  # another file now
        self.assertEqual(run(self.folder / "web", "--baseline", kept, "-q").returncode, FINDINGS)
        kept.write_text("no hash\n")
        self.assertIn("line 1", run(self.folder / "web", "--baseline", kept).err)

    def test_archives_and_standard_input(self):
        with zipfile.ZipFile(self.folder / "web.zip", "w") as archive:
            archive.writestr("www/x.php", one_liner("php", 0))
            archive.writestr("www/y.txt", "text")
        told = self.lines(run(self.folder / "web.zip", "--jsonl", "-q"))
        self.assertEqual([(pathlib.Path(o["path"]).name, o["verdict"]) for o in told], [("x.php", "malicious"), ("y.txt", "benign")])
        done = run("-", "--jsonl", "-q", stdin=one_liner("php", 0))
        self.assertEqual([o["verdict"] for o in self.lines(done)], ["malicious"])

    def test_sarif(self):
        done = run("web", "--sarif", "-q", cwd=self.folder)
        log = json.loads(done.out)
        self.assertEqual(log["version"], "2.1.0")
        results = log["runs"][0]["results"]
        self.assertEqual([r["level"] for r in results], ["error"])
        self.assertEqual(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "web/upload/a.php")
        # It says why: in words, and where in the file.
        reasons = [r for r in self.lines(run("web/upload/a.php", "--jsonl", "-q", cwd=self.folder))[0]["reasons"] if r["weight"] > 0]
        said = results[0]["message"]["text"]
        self.assertRegex(said, r"^malicious \(\d+\.\d %\): ")
        self.assertTrue(any(r["sentence"] in said for r in reasons), (said, reasons))
        self.assertGreater(results[0]["locations"][0]["physicalLocation"]["region"]["byteLength"], 0)
        self.assertTrue({r["ruleId"] for r in results} <= {r["id"] for r in log["runs"][0]["tool"]["driver"]["rules"]})

    def test_explain(self):
        done = run("explain", self.folder / "web/upload/a.php")
        self.assertEqual(done.returncode, FINDINGS, done.err)
        for word in ("malicious", "Flows", "Reasons", "Layers", "eval"):
            self.assertIn(word, done.out)
        told = json.loads(run("explain", self.folder / "web/upload/a.php", "--jsonl").out)
        self.assertEqual(told["layers"][0]["text"].encode(), one_liner("php", 0))
        self.assertIn("code", told["capabilities"])

    def test_hostile_names_and_bytes_are_shown_not_obeyed(self):
        (self.folder / "web" / HOSTILE).write_bytes(one_liner("php", 0) + b"\x1b]8;;http://x\x07\x00\xff" + "\u202e".encode())
        for words in ((self.folder,), (self.folder, "--jsonl"), (self.folder, "--sarif"), ("explain", self.folder / "web" / HOSTILE)):
            done = run(*words)
            for text in (done.out, done.err):
                self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", words)

    def test_hostile_files_cost_little(self):
        (self.folder / "web/deep.php").write_bytes(b"<?php $_GET[1]; eval" + b"(" * 2_000_000)
        (self.folder / "web/loop.php").write_bytes(b"<?php for ($i = 0; $i < 1e9; $i++) $a .= $a . $_GET['x']; eval($a);")
        (self.folder / "web/long.php").write_bytes(b"<?php eval('" + b"\\x61" * 2_000_000 + b"' . $_GET[1]);")
        done = run(self.folder, "--jsonl", "-q", "-j", "1")
        self.assertEqual(len(self.lines(done)), 6, done.err)


if __name__ == "__main__":
    unittest.main()
