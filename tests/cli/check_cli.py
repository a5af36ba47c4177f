#!/usr/bin/env python3
"""What the help promises, tried on the executable as a user would: exit codes, custody, encrypted archives, standard input,
several servers, bad input. Every case is built in an empty folder from `ascribe demo`; nothing outside it is touched.

check_cli.py ASCRIBE [NAME...]
"""
import csv
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile
from xml.etree import ElementTree

ASCRIBE = pathlib.Path(sys.argv.pop(1)).resolve()
CLEAN, FINDINGS, USAGE, INSUFFICIENT, INTEGRITY, INTERRUPTED = range(6)
IIS_HEAD = b"#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status\r\n"
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

    # --- exit codes -------------------------------------------------------------------------------------------------
    def test_exit_codes_of_the_two_stories(self):
        self.assertEqual(run("investigate", self.hacked).returncode, FINDINGS)
        self.assertEqual(run("investigate", self.clean).returncode, CLEAN)

    def test_fail_on_moves_the_bar(self):
        probe = self.here / "u_ex.log"
        probe.write_bytes(IIS_HEAD + b"2021-03-08 05:00:00 198.51.100.200 GET /owa/auth/shell.aspx - 404\r\n")
        self.assertEqual(run("investigate", probe).returncode, INSUFFICIENT)
        self.assertEqual(run("investigate", probe, "--fail-on", "scan").returncode, FINDINGS)
        self.assertEqual(run("investigate", self.hacked, "--fail-on", "success").returncode, FINDINGS)
        self.assertEqual(run("investigate", self.hacked, "--fail-on", "later").returncode, USAGE)

    def test_usage_says_what_and_what_to_do(self):
        self.assertIn("Commands:", run().out)
        self.assertIn("did you mean 'investigate'?", run("invstigate", "x").err)
        self.assertIn("No such file", run("report", self.here / "absent").err)
        for words in (("bogus",), ("investigate",), ("investigate", self.here / "absent"), ("why", "F-1"),
                      ("report", self.log), ("exposure", "--build", "x.y"), ("investigate", self.log, "--from", "soon"),
                      ("investigate", self.log, "--intel", self.here), ("investigate", self.log, "-o", "/proc/no/x"),
                      ("investigate", self.log, "--known", self.here / "absent")):
            done = run(*words)
            self.assertEqual(done.returncode, USAGE, (words, done.err))
            self.assertRegex(done.err, "(?s)^ascribe: .*(;|Try 'ascribe|needs|expected|compare)", words)
            self.assertEqual(done.out, "", words)

    def test_interrupted_leaves_nothing_behind(self):
        big = self.here / "u_ex.log"
        row = b"2021-03-03 04:12:00 192.0.2.7 GET /owa/ - 200\r\n"
        with big.open("wb") as file:
            file.write(IIS_HEAD)
            for _ in range(200):
                file.write(row * 20_000)
        spool, case = self.here / "spool", self.here / "case"
        spool.mkdir()
        child = subprocess.Popen([str(ASCRIBE), "investigate", str(big), "-o", str(case), "-j", "1"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(spool)})
        wait_until_it_listens(child)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
        self.assertEqual(child.returncode, INTERRUPTED, err.decode())
        self.assertIn("interrupted", err.decode())
        self.assertEqual(list(spool.iterdir()), [])
        self.assertFalse(case.exists())
        self.assertEqual([p.name for p in self.here.iterdir() if p.name not in ("u_ex.log", "spool")], [])

    def test_interrupted_while_standard_input_is_silent(self):
        # read() was restarted after the signal and waited for the writer.
        child = subprocess.Popen([str(ASCRIBE), "investigate", "-", "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until_it_listens(child)
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(timeout=10), INTERRUPTED)
        child.communicate()

    # --- custody ----------------------------------------------------------------------------------------------------
    def velociraptor(self, name, spoil=None, source=None):
        """A Velociraptor collection of the demo server, with the hashes and times its results note."""
        path = self.here / name
        base = next((source or self.hacked).glob("*/C"))
        rows = []
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(p for p in base.rglob("*") if p.is_file()):
                data, below = file.read_bytes(), file.relative_to(base)
                archive.writestr(f"uploads/auto/C%3A/{below}", data)
                digest = "00" * 32 if spoil and file.name == spoil else hashlib.sha256(data).hexdigest()
                rows.append({"SourceFile": "C:\\" + str(below).replace("/", "\\"), "Size": len(data), "SourceFileSha256": digest,
                             "Created": "2021-03-03T04:12:15Z", "Modified": "2021-03-03T04:12:15Z"})
            archive.writestr("results/Windows.KapeFiles.Targets%2FUploads.json", "\n".join(map(json.dumps, rows)))
            archive.writestr("client_info.json", '{"Hostname":"MAIL01"}')
        return path

    def test_hashes_that_match_are_quiet(self):
        self.assertEqual(run("investigate", self.velociraptor("good.zip")).returncode, FINDINGS)

    def test_a_hash_that_differs_wins_over_findings_and_names_both(self):
        done = run("investigate", self.velociraptor("bad.zip", spoil="u_ex210303.log"))
        self.assertEqual(done.returncode, INTEGRITY)
        words = " ".join(done.out.split())
        for part in ("INTEGRITY", "u_ex210303.log", "00" * 32, hashlib.sha256(self.log.read_bytes()).hexdigest()):
            self.assertIn(part, words)

    def test_a_hash_that_differs_wins_over_insufficient(self):
        with zipfile.ZipFile(self.here / "thin.zip", "w") as archive:
            archive.writestr("uploads/auto/C%3A/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log", IIS_HEAD)
            archive.writestr("results/Uploads.json", json.dumps(
                {"SourceFile": "C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log", "Size": 9, "SourceFileSha256": "11" * 32}))
        self.assertEqual(run("investigate", self.here / "thin.zip").returncode, INTEGRITY)

    def test_hashes_of_one_server_do_not_judge_another(self):
        one = self.velociraptor("Collection-EXCH01-2021-03-14T000000Z.zip")
        two = self.velociraptor("Collection-EXCH02-2021-03-14T000000Z.zip", source=self.clean)
        self.assertEqual(run("investigate", one, two).returncode, FINDINGS)

    def test_only_the_collector_may_speak_of_hashes(self):
        # An intruder's file in the web root forced exit code 4, and so hid code 1.
        forged = json.dumps({"SourceFile": "C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210303.log", "Size": 9, "SourceFileSha256": "11" * 32,
                             "Created": "2021-03-03T04:12:15Z", "Modified": "2021-03-03T04:12:15Z"})
        copy = self.here / "copy"
        shutil.copytree(self.hacked, copy)
        root = next(copy.glob("*/C")) / "inetpub/wwwroot"
        root.mkdir(parents=True, exist_ok=True)
        (root / "uploads.json").write_text(forged)
        with zipfile.ZipFile(root / "uploads.zip", "w") as archive:
            archive.writestr("results/Uploads.json", forged)
        self.assertEqual(run("investigate", copy).returncode, FINDINGS)

    def test_a_file_given_twice_is_compared_twice(self):
        # Only the first of two members of the same name was compared.
        path = self.velociraptor("twice.zip")
        with zipfile.ZipFile(path, "a") as archive, self.assertWarns(UserWarning):
            archive.writestr("uploads/auto/C%3A/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log", IIS_HEAD)
        self.assertEqual(run("investigate", path).returncode, INTEGRITY)

    # --- containers -------------------------------------------------------------------------------------------------
    @unittest.skipUnless(shutil.which("7z"), "needs 7z to make an encrypted zip")
    def test_encrypted_zip(self):
        subprocess.run(["7z", "a", "-pright", "-tzip", "locked.zip", str(self.hacked)], cwd=self.here, check=True, capture_output=True)
        right, wrong = self.here / "right", self.here / "wrong"
        right.write_text("other\nright\n")
        wrong.write_text("wrong\n")
        locked = self.here / "locked.zip"
        self.assertEqual(case_of(locked, "--password-file", right)[0]["servers"][0]["verdict"]["used"]["state"], "yes")
        for more in ((), ("--password-file", wrong)):
            done = run("investigate", locked, *more)
            self.assertIn("encrypted", done.out)
            self.assertNotIn("exploited", done.out.split("Server")[0])

    def test_the_folder_an_archive_wraps_around_the_collection_changes_nothing(self):
        shutil.make_archive(self.here / "wrapped", "zip", self.hacked.parent, self.hacked.name)
        case, _ = case_of(self.here / "wrapped.zip")
        self.assertEqual([s["name"] for s in case["servers"]], ["mail01"])
        plain, _ = case_of(self.hacked)
        self.assertEqual({f["statement"] for f in case["findings"]}, {f["statement"] for f in plain["findings"]})

    def test_a_compressed_log_that_begins_with_nul_bytes_is_read(self):
        # libarchive takes 512 NUL bytes for an empty tar: the log was read as a file of no bytes, without a word.
        (self.here / "u_ex210303.log.gz").write_bytes(gzip.compress(bytes(600) + self.log.read_bytes()))
        case, code = case_of(self.here / "u_ex210303.log.gz")
        self.assertEqual((code, case["artefacts"][1]["size"]), (FINDINGS, 600 + self.log.stat().st_size))

    def test_standard_input_log_and_archive(self):
        done = run("investigate", "-", stdin=self.log.read_bytes())
        self.assertEqual(done.returncode, FINDINGS)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            archive.add(self.hacked, arcname="mail01")
        case, code = case_of("-", stdin=packed.getvalue())
        self.assertEqual((code, case["servers"][0]["verdict"]["state"]), (FINDINGS, "compromised"))

    def test_a_member_of_several_segments_says_what_the_plain_file_says(self):
        log = self.here / "u_ex210303.log"
        row = b"2021-03-03 04:12:00 192.0.2.7 GET /owa/ - 200\r\n"
        last = b"2021-03-03 05:00:00 203.0.113.9 POST /owa/auth/zz9demo.aspx - 200\r\n"
        with log.open("wb") as file:
            file.write(IIS_HEAD)
            for _ in range(300):
                file.write(row * 20_000)
            file.write(last)
        self.assertGreater(log.stat().st_size, 256 << 20)
        with zipfile.ZipFile(self.here / "big.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(log, "u_ex210303.log")
        plain, _ = case_of(log)
        zipped, _ = case_of(self.here / "big.zip")
        where = [[(e["offset"], e["size"], e["line"]) for e in f["evidence"]] for f in plain["findings"]]
        self.assertEqual(where, [[(e["offset"], e["size"], e["line"]) for e in f["evidence"]] for f in zipped["findings"]])
        self.assertIn([(log.stat().st_size - len(last), len(last) - 2, 300 * 20_000 + 3)], where)
        self.assertEqual(plain["artefacts"][0]["sha256"], zipped["artefacts"][1]["sha256"])

    def test_links_and_devices_are_recorded_and_the_argument_may_be_a_link(self):
        folder = self.here / "evidence"
        folder.mkdir()
        shutil.copy(self.log, folder)
        (folder / "passwd").symlink_to("/etc/passwd")
        os.mkfifo(folder / "pipe")
        link = self.here / "link"
        link.symlink_to(folder)
        case, code = case_of(link)
        self.assertEqual(code, FINDINGS)
        self.assertEqual({d["what"] for d in case["damage"]}, {"evidence.link_not_followed", "evidence.device_not_opened"})

    def test_several_servers_get_a_verdict_each(self):
        for name, source in (("EXCH01", self.hacked), ("EXCH02", self.clean)):
            target = self.here / "all" / name / "C/inetpub/logs/LogFiles/W3SVC1"
            target.mkdir(parents=True)
            shutil.copy(next(source.rglob("u_ex210303.log")), target)
        case, _ = case_of(self.here / "all")
        self.assertEqual({s["name"]: s["verdict"]["attempted"]["state"] for s in case["servers"]}, {"exch01": "yes", "exch02": "unknown"})

    def test_two_servers_are_told_apart_in_every_report(self):
        case = self.here / "case"
        for name in ("EXCH01", "EXCH02"):
            folder = self.here / "all" / name / "C/inetpub/logs/LogFiles/W3SVC1"
            folder.mkdir(parents=True)
            shutil.copy(self.log, folder)
        run("investigate", self.here / "all", "-o", case)
        page = run("report", case).out
        names = re.findall(r' id="([^"]*)"', page)
        self.assertEqual(sorted(n for n in names if names.count(n) > 1 and n != "gap"), [])
        self.assertEqual([a for a in re.findall(r'href="#([^"]*)"', page) if a not in names], [])
        servers = [s["name"] for s in json.loads(run("report", case, "--format", "json").out)["servers"]]
        self.assertEqual(len(servers), 2)
        for name in servers:
            self.assertIn(f"Server {name}\n", run("why", "CVE-2021-26855", case).out)

    # --- options ---
    def test_options_may_stand_before_the_evidence(self):
        # An option took every word behind it: evidence after "-o CASE" was lost, and after "EVIDENCE --known FILE" silently.
        known, case = self.here / "known", self.here / "case"
        known.write_text("address 10.0.0.5\n")
        self.assertEqual(run("investigate", "-o", case, "-j", "1", "--known", known, self.log).returncode, FINDINGS)
        self.assertEqual(run("report", "--format", "md", case).returncode, CLEAN)
        other = self.here / "u_ex.log"
        other.write_bytes(IIS_HEAD)
        self.assertEqual(case_of(self.log, "--known", known, other)[0]["evidence"], [str(self.log), str(other)])

    def test_an_option_that_cannot_mean_anything_is_refused(self):
        known = self.here / "known"
        known.write_text("address 10.0.0.0/8\n")
        for words in (("--known", known), ("--known", self.here), ("--password-file", self.here), ("--from", "2021-04-01", "--to", "2021-03-01"),
                      ("--max-output", 1 << 34), ("-j", 3000), ("--build", "15.1.2106.2")):
            done = run("exposure" if "--build" in words else "investigate", self.log, *words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
        for entry in ("finding F-1", "user-agent Ours", "address banana"):
            known.write_text(entry)
            self.assertIn("known:1", run("investigate", self.log, "--known", known).err)

    def test_known_scanner_and_accepted_finding_do_not_alarm(self):
        before, _ = case_of(self.log)
        known = self.here / "known"
        known.write_text("address 203.0.113.77\n" + "".join(f"finding {f['id']}\n" for f in before["findings"]))
        case, code = case_of(self.log, "--known", known)
        self.assertIn(code, (CLEAN, INSUFFICIENT))
        known.write_text("nonsense here\n")
        self.assertEqual(run("investigate", self.log, "--known", known).returncode, USAGE)

    def test_a_window_narrows_coverage(self):
        case, code = case_of(self.clean, "--from", "2021-03-01", "--to", "2021-03-05")
        self.assertEqual(code, CLEAN)
        self.assertTrue(case["coverage"])
        self.assertTrue(all(c["days"] <= 5 for c in case["coverage"]))

    def test_same_case_for_any_workers_zone_and_locale(self):
        seen = set()
        for workers, zone, locale in ((1, "UTC", "C"), (2, "Asia/Tokyo", "tr_TR.UTF-8"), (7, "America/Los_Angeles", "ja_JP.UTF-8")):
            case, _ = case_of(self.hacked, "-j", workers, env={"TZ": zone, "LC_ALL": locale, "LANG": locale})
            case.pop("run")
            seen.add(json.dumps(case, sort_keys=True))
        self.assertEqual(len(seen), 1)

    def test_without_isolation_the_same_verdict_and_it_says_so(self):
        done = run("investigate", self.log, "--isolation", "none")
        self.assertEqual(done.returncode, FINDINGS)
        self.assertRegex(done.out, r"Isolation +none")

    def test_max_output_stops_a_bomb_and_says_so(self):
        with zipfile.ZipFile(self.here / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("a.log", "w", force_zip64=True) as member:
                for _ in range(70):
                    member.write(bytes(16 << 20))
        done = run("investigate", self.here / "bomb.zip", "--max-output", "1")
        self.assertEqual(done.returncode, INSUFFICIENT, done.err)
        self.assertRegex(done.out, "Damage .*archive")

    # --- after the run ----------------------------------------------------------------------------------------------
    def test_a_case_answers_after_the_evidence_has_gone(self):
        copy, case = self.here / "copy", self.here / "case.ascribe"
        shutil.copytree(self.hacked, copy)
        self.assertEqual(run("investigate", copy, "-o", case).returncode, FINDINGS)
        shutil.rmtree(copy)
        document = json.loads(run("report", case, "--format", "json").out)
        for finding in document["findings"]:
            done = run("why", finding["id"], case)
            self.assertEqual(done.returncode, 0)
            self.assertIn(finding["id"], done.out)
            self.plain(done)
        for what in ("CVE-2021-26855", "T1", "coverage:ProxyLogon:used"):
            self.assertEqual(run("why", what, case).returncode, 0, what)
        self.assertEqual(run("why", "F-0000000000", case).returncode, USAGE)
        for form in ("html", "json", "md"):
            target = self.here / f"report.{form}"
            self.assertEqual(run("report", case, "--format", form, "-o", target).returncode, 0)
            self.assertEqual(target.read_text(), run("report", case, "--format", form).out)
        with sqlite3.connect(case) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")

    def test_only_a_report_is_replaced_by_a_report(self):
        # -o wrote over anything, the case itself among it.
        case, report, mine = self.here / "case", self.here / "report.html", self.here / "report.html.part"
        run("investigate", self.log, "-o", case)
        mine.write_text("mine")
        before = case.read_bytes()
        log = shutil.copy(self.log, self.here)
        for target in (case, log, self.here, "/dev/null"):
            done = run("report", case, "-o", target)
            self.assertEqual(done.returncode, USAGE, target)
            self.assertIn("-o", done.err)
        self.assertEqual((case.read_bytes(), pathlib.Path(log).read_bytes()), (before, self.log.read_bytes()))
        for form in ("html", "json", "md", "html"):
            self.assertEqual(run("report", case, "--format", form, "-o", report).returncode, CLEAN, form)
        self.assertEqual(mine.read_text(), "mine")
        self.assertEqual(len(list(self.here.iterdir())), 4)

    def test_an_answer_that_cannot_be_written_is_no_success(self):
        case = self.here / "case"
        run("investigate", self.log, "-o", case)
        for words in (("report", case), ("why", "T1", case), ("--version",), ("--help",), ("investigate", self.log, "-q"), ("completions", "bash")):
            for redirect in (">/dev/full", ">&-"):
                done = subprocess.run(["sh", "-c", f'"$0" "$@" {redirect}', str(ASCRIBE), *map(str, words)], capture_output=True)
                self.assertEqual(done.returncode, USAGE, (words, redirect))
                self.assertIn(b"standard output", done.stderr, (words, redirect))
        # With all three closed, evidence got their numbers and was lost to the workers.
        done = subprocess.run(["sh", "-c", '"$0" "$@" <&- >&- 2>&-', str(ASCRIBE), "investigate", str(self.log), "-o", str(case)])
        self.assertEqual(done.returncode, USAGE)
        self.assertTrue(json.loads(run("report", case, "--format", "json").out)["findings"])

    def test_a_damaged_case_is_refused(self):
        case = self.here / "case.ascribe"
        run("investigate", self.log, "-o", case)
        data = case.read_bytes()
        case.write_bytes(data[:len(data) // 2])
        done = run("report", case)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("case", done.err)

    def test_exposure(self):
        done = run("exposure", "--build", "15.1.2106.2")
        self.assertEqual(done.returncode, FINDINGS)
        self.assertIn("CVE-2021-26855", done.out)
        self.assertIn("15.1.2106", run("exposure", self.hacked).out)

    # --- bad input --------------------------------------------------------------------------------------------------
    def test_bad_files_cost_only_themselves(self):
        folder = self.here / "evidence"
        folder.mkdir()
        shutil.copy(self.log, folder / "u_ex210303.log")
        (folder / "empty.log").touch()
        (folder / "binary.log").write_bytes(os.urandom(200_000))
        (folder / "long.log").write_bytes(IIS_HEAD + b"x" * (10 << 20))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("Security.jsonl", b'{"a":1}\n' * 50_000 + os.urandom(50_000))
        (folder / "cut.zip").write_bytes(packed.getvalue()[:20_000])
        (folder / "Security.evtx").write_bytes(b"ElfFile\0" + os.urandom(70_000))
        alone, _ = case_of(self.log)
        case, code = case_of(folder)
        self.assertEqual(code, FINDINGS)
        self.assertEqual({f["statement"] for f in alone["findings"]}, {f["statement"] for f in case["findings"]})
        self.assertTrue(any("cut.zip" in d["path"] for d in case["damage"]))

    def test_empty_evidence_is_insufficient(self):
        (self.here / "zero.log").touch()
        for evidence in (self.here, self.here / "zero.log"):
            done = run("investigate", evidence)
            self.assertEqual(done.returncode, INSUFFICIENT)
            self.assertIn("INSUFFICIENT EVIDENCE", done.out)

    @unittest.skipIf(os.getuid() != 0 or not shutil.which("setpriv"), "needs root, to become somebody without rights")
    def test_a_folder_without_rights_is_named(self):
        folder = self.here / "evidence"
        (folder / "shut").mkdir(parents=True)
        (folder / "shut/a.log").write_bytes(IIS_HEAD)
        os.chmod(folder / "shut", 0)
        for path in (self.shared, self.here, folder):
            os.chmod(path, 0o755)
        reader = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        probe = subprocess.run([*reader, "test", "-x", str(ASCRIBE)])
        if probe.returncode != 0:
            self.skipTest("the executable lies where only root may look")
        done = subprocess.run([*reader, str(ASCRIBE), "investigate", str(folder), "--json", "-q"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, INSUFFICIENT, done.stderr)
        self.assertTrue(any("shut" in d["path"] for d in json.loads(done.stdout)["damage"]))

    def test_hostile_names_and_contents_stay_text(self):
        folder = self.here / "evidence"
        folder.mkdir()
        (folder / (HOSTILE.replace("/", "_") + ".log")).write_bytes(
            IIS_HEAD + f"2021-03-03 05:00:00 203.0.113.9 POST /owa/auth/{HOSTILE.replace(' ', '')}.aspx - 200\r\n".encode())
        (folder / os.fsdecode(b"not-utf8-\xff.log")).write_bytes(IIS_HEAD)
        with zipfile.ZipFile(folder / "names.zip", "w") as archive:
            for name in ("../../evil.log", "/etc/evil.log", "C:\\evil.log", HOSTILE, "x" * 5_000):
                archive.writestr(zipfile.ZipInfo(name), IIS_HEAD)
        before = sorted(p.name for p in self.here.rglob("*"))
        case = self.here / "case.ascribe"
        done = run("investigate", folder, "-o", case)
        self.plain(done)
        self.assertEqual(sorted(p.name for p in self.here.rglob("*") if p != case), before)
        page = run("report", case, "--format", "html").out
        self.assertNotIn("<script", page)
        for form in ("html", "json", "md"):
            self.assertNotRegex(run("report", case, "--format", form).out, "[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
        json.loads(run("report", case, "--format", "json").out)

    # --- hunts and rules -----------------------------------------------------------------------------------------------
    def test_a_hunt_that_read_nothing_is_not_clean(self):
        unreadable = self.here / "Security.evtx"
        unreadable.write_bytes(bytes(range(256)) * 400)
        done = run("hunt", unreadable)
        self.assertEqual(done.returncode, INSUFFICIENT, done.out)
        self.assertRegex(done.out, r"\d+ notes? of damage")
        self.assertIn("Nothing was read: no file is of a kind that is known here", done.out)

    WEB_LINE = '203.0.113.7 - - [02/Mar/2021:10:00:{:02d} +0000] "GET /{}?d=../../etc/passwd HTTP/1.1" 200 1234 "-" "sqlmap/1.7"\n'

    def test_a_hunt_names_the_logs_that_it_could_not_read(self):
        folder = self.here / "logs"
        folder.mkdir()
        (folder / "access.log").write_text(self.WEB_LINE.format(1, "a") + "no request\n")
        (folder / "haproxy.log").write_text("May  2 10:00:00 lb haproxy[123]: 203.0.113.1:55555 fe be/s1 0/0/0/5/5 200 1234\n")
        (folder / "notes.bin").write_bytes(bytes(range(256)))
        with gzip.open(folder / "old.gz", "wt") as packed:
            packed.write(self.WEB_LINE.format(2, "a"))
        done = run("hunt", folder)
        self.assertIn("5 files, 2 of kinds not read, 1 bad line,", done.out)
        self.assertIn("1 x access_log.time", done.out)
        self.assertRegex(done.out, r"Not read +\S*haproxy\.log\n")
        told = run("investigate", folder).out
        self.assertIn("2 files of kinds not read", re.sub(r"\s+", " ", told))
        self.assertRegex(re.sub(r"\s+", " ", told), r"Not read, though named like logs: \S*haproxy\.log ")

    def test_a_hunt_for_programs_tells_people_what_was_not_read(self):
        log = self.here / "access.log"
        log.write_text(self.WEB_LINE.format(1, "a") + "no request\n")
        for form in ("--jsonl", "--csv"):
            done = run("hunt", log, form)
            self.assertNotIn("bad lines", done.out)
            self.assertIn("1 bad line,", done.err)
            self.assertIn("1 x access_log.time (bad value)", done.err)
            self.assertEqual(run("hunt", log, form, "-q").err, "")

    def test_a_hit_has_the_time_of_its_own_row(self):
        rule = self.here / "rule.yml"
        rule.write_text("title: t\nid: 00000000-0000-0000-0000-000000000001\nlogsource: {category: webserver}\n"
                        "detection: {s: {cs-uri-query|contains: passwd}, condition: s}\nlevel: high\n")
        log = self.here / "access.log"
        log.write_text("".join(self.WEB_LINE.format(second, f"page{second}") for second in (5, 1, 9)))
        hits = [json.loads(line) for line in run("hunt", log, "--rules", rule, "--only", "sigma", "--jsonl").out.splitlines()]
        self.assertEqual([(hit["time"], hit["line"]) for hit in hits],
                         [(f"2021-03-02T10:00:0{second}.000Z", line) for line, second in enumerate((5, 1, 9), 1)])

    def test_coded_detectors_alone_count_what_they_read(self):
        log = self.here / "access.log"
        log.write_text("".join(self.WEB_LINE.format(second, f"page{second}") for second in range(9)))
        done = run("hunt", log, "--only", "coded")
        self.assertEqual(done.returncode, CLEAN, done.out + done.err)
        self.assertNotIn("Nothing was read", done.out)

    def test_text_that_was_cut_while_inflating_is_told(self):
        whole = gzip.compress("".join(self.WEB_LINE.format(i % 60, os.urandom(8).hex()) for i in range(20000)).encode())
        packed = self.here / "access.log.gz"
        packed.write_bytes(whole[:len(whole) // 2])
        done = run("hunt", packed)
        self.assertIn("1 x archive (truncated)", done.out)
        case, _ = case_of(packed)
        cut = [one for one in case["damage"] if one["what"] == "archive" and one["fault"] == "truncated"]
        self.assertEqual(len(cut), 1)
        self.assertTrue(cut[0]["path"].endswith("access.log.gz!access.log"), cut)
        self.assertGreater(sum(one["records"] for one in case["accounting"]), 1000)

    def test_a_wrong_option_names_the_help_of_its_command(self):
        done = run("hunt", self.here, "--min-level", "hihg")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("Try 'ascribe hunt --help'", done.err)

    def test_wrong_words_are_named_with_what_was_meant(self):
        for words, told in ((("investgate", "x"), "there is no command 'investgate'; did you mean 'investigate'?"),
                            (("hunt", "x", "--jsnl"), "there is no option '--jsnl'; did you mean '--jsonl'?"),
                            (("hunt", "x", "--bogus"), "there is no option '--bogus'\n"),
                            (("hunt", "x", "-j"), "--workers needs a value"),
                            (("hunt", "x", "--isolation", "half"), "'half' is none of: full none"),
                            (("hunt",), "hunt needs more words: ascribe hunt EVIDENCE"),
                            (("manual", "x"), "'x' is one word too many: ascribe manual\n"),
                            (("why", "a", "b", "c"), "'c' is one word too many: ascribe why ID CASE")):
            done = run(*words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
            self.assertIn(told, done.err)

    def test_a_name_with_a_newline_makes_no_line_of_its_own(self):
        self.assertEqual(run("investigate", self.here / "a\nascribe: all is well").err.count("\n"), 1)
        folder = self.here / "e\nvil"
        folder.mkdir()
        (folder / "old.gz").write_bytes(gzip.compress(os.urandom(20_000))[:9_000])
        self.assertEqual(run("shells", folder).err.count("\n"), 1)

    def test_a_path_that_cannot_be_written_is_told_before_the_work(self):
        absent = self.here / "absent" / "file"
        for words in (("investigate", self.hacked, "-o", absent), ("shells", self.hacked, "--write-baseline", absent)):
            done = run(*words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
            self.assertIn("cannot be written: No such file or directory; give another path", done.err)

    def test_a_case_that_cannot_be_read_is_told_with_the_reason(self):
        case = self.here / "case"
        run("investigate", self.log, "-o", case, "-q")
        case.write_bytes(case.read_bytes()[:5000])
        self.assertIn("is damaged or not an Ascribe case (", run("report", case).err)
        self.assertIn("is a folder; give a case file", run("report", self.here).err)
        (self.here / "none.json").write_text("[]")
        for file, told in (("none.json", "holds no incident"), ("case", "is damaged or not")):
            done = run("attribute", self.here / file)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(told, done.err)

    def test_a_folder_without_rules_is_no_set_of_rules(self):
        for words in (("rules", "test", self.here), ("hunt", self.log, "--rules", self.here)):
            done = run(*words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
            self.assertIn("no Sigma rule is there", done.err)

    def test_what_could_not_be_read_is_not_clean(self):
        (self.here / "index.php").write_text("<?php echo 1; ?>")
        self.assertEqual(run("shells", self.here).returncode, CLEAN)
        whole = gzip.compress(os.urandom(20_000))
        (self.here / "old.gz").write_bytes(whole[:9_000])
        done = run("shells", self.here)
        self.assertEqual(done.returncode, INSUFFICIENT, done.out)
        self.assertIn("; 1 could not be read", done.out)
        (self.here / "access.log").write_text('203.0.113.7 - - [02/Mar/2021:10:00:00 +0000] "GET / HTTP/1.1" 200 1234 "-" "-"\n')
        done = run("hunt", self.here)
        self.assertEqual(done.returncode, INSUFFICIENT, done.out)
        self.assertIn("Nothing was found in what could be read", done.out)

    def test_a_log_that_may_not_be_opened_is_named(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("needs root to become someone else")
        log = self.here / "u_ex.log"
        log.write_bytes(IIS_HEAD)
        log.chmod(0)
        for path in (self.shared, self.here):
            path.chmod(0o755)
        own = self.here / "ascribe"
        shutil.copy(ASCRIBE, own)
        for words in (("top", "--once"), ("watch", "--once", "--no-state"), ("watch", "--once", "--no-state", "--existing")):
            done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", own, *words, log], capture_output=True)
            self.assertEqual(done.returncode, INSUFFICIENT, done.stderr)
            self.assertIn(b"u_ex.log: cannot be opened (Permission denied)", done.stderr)

    def test_a_watch_whose_findings_cannot_be_printed_says_so(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(ASCRIBE), "watch", str(self.hacked), "--existing", "--once", "--no-state"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn(b"standard output cannot be written: No space left", done.stderr)

    def test_the_demo_of_pages_is_for_shells(self):
        done = run("demo", "--story", "pages")
        self.assertEqual((done.returncode, done.out), (USAGE, ""))
        self.assertIn("give --write FOLDER", done.err)

    def test_the_demo_has_the_times_of_its_story(self):
        case, _ = case_of(self.hacked)
        self.assertEqual({f["time"][:4] for f in case["findings"] if f["time"]}, {"2021"})

    def test_exposure_without_a_server_says_so(self):
        done = run("exposure", self.here)
        self.assertEqual((done.returncode, done.out), (INSUFFICIENT, ""))
        self.assertIn("nothing in this evidence speaks of a server", done.err)

    def test_findings_that_reach_no_outlet_are_not_said_to_wait(self):
        words = ("watch", self.hacked, "--existing", "--once", "--level", "success", "--file", self.here / "none" / "f.jsonl")
        done = run(*words, "--no-state")
        self.assertRegex(done.err, r"\d+ findings did not reach their outlets and are lost")
        done = run(*words, "--state", self.here / "state")
        self.assertRegex(done.err, r"\d+ findings wait in the state for their outlets")

    def test_a_watch_that_read_nothing_says_so(self):
        empty, log, state = self.here / "empty", self.here / "u_ex.log", self.here / "state"
        empty.mkdir()
        done = run("watch", empty, "--once", "--no-state")
        self.assertEqual((done.returncode, done.out), (INSUFFICIENT, ""))
        self.assertIn(f"no file is below {empty}", done.err)
        log.write_bytes(IIS_HEAD + b"2021-03-03 04:00:00 203.0.113.7 GET /owa/ - 200\r\n")
        done = run("watch", log, "--once", "--state", state)
        self.assertEqual(done.returncode, INSUFFICIENT)
        self.assertIn("of 1 file only what is added is; --existing reads what is there", done.err)
        self.assertEqual(run("watch", log, "--once", "--state", state).returncode, CLEAN, "goes on, and nothing came")
        (empty / "a.bin").write_bytes(bytes(range(256)))
        done = run("watch", empty, "--once", "--no-state", "--existing")
        self.assertEqual(done.returncode, INSUFFICIENT)
        self.assertIn("nothing was read: in 1 file is no line of a log and no page", done.err)

    def test_syslog_needs_a_port_that_is_one(self):
        done = run("watch", self.here, "--once", "--no-state", "--syslog", "127.0.0.1:abc")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("abc is no port", done.err)

    def test_a_refused_rule_is_told_with_its_file_and_reason(self):
        rule = self.here / "broken.yml"
        rule.write_text("title: x\ndetection: [")
        done = run("rules", "test", rule)
        self.assertEqual(done.returncode, FINDINGS)
        self.assertIn(f"refused: {rule}: not YAML", done.out)
        self.assertIn(f"rule refused: {rule}: not YAML", run("hunt", self.log, "--rules", rule).err)

    def test_a_rule_that_is_not_there_is_not_explained(self):
        done = run("rules", "explain", "no such rule")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("no rule is 'no such rule'", done.err)
        self.assertEqual(run("rules", "explain").returncode, CLEAN)

    # --- rules in an investigation ------------------------------------------------------------------------------------
    RULES = pathlib.Path(__file__).resolve().parents[2] / "intel/rules/sigma"

    def test_hits_of_rules_become_findings(self):
        plain, _ = case_of(self.hacked)
        case, code = case_of(self.hacked, "--rules", self.RULES)
        self.assertEqual(code, FINDINGS)
        hits = [f for f in case["findings"] if f["detector"].startswith("sigma.")]
        self.assertGreaterEqual(len(hits), 9)
        self.assertEqual([f for f in case["findings"] if f not in hits], plain["findings"])
        self.assertEqual([s["verdict"]["sentence"] for s in case["servers"]], [s["verdict"]["sentence"] for s in plain["servers"]])
        for finding in hits:
            self.assertIn(finding["level"], ("scan", "attempt"))
            self.assertLess(finding["probability"], 0.75)
            self.assertTrue(finding["evidence"])
        session = next(f for f in hits if "Through ProxyLogon" in f["statement"])
        self.assertEqual((session["techniques"], session["cves"]), (["T1190"], ["CVE-2021-26855"]))

    def test_hits_of_rules_lead_to_bytes_and_threads(self):
        case = self.here / "case.ascribe"
        words = ("investigate", self.hacked, "--rules", self.RULES, "-q", "--json")
        outputs = [run(*words, "-j", workers, "-o", case).out for workers in (1, 2, 7)]
        parsed = [json.loads(out) for out in outputs]
        for each in parsed:
            each.pop("run")
        self.assertEqual(parsed[0], parsed[1])
        self.assertEqual(parsed[0], parsed[2])
        session = next(f for f in parsed[0]["findings"] if "Through ProxyLogon" in f["statement"])
        told = run("why", session["id"], case).out
        self.assertIn("detector sigma.", told)
        self.assertIn("ServerInfo~a]@", told)
        self.assertIn(session["id"], {step["finding"] for step in parsed[0]["timeline"]})
        self.assertTrue(any(session["id"] in thread["findings"] for thread in parsed[0]["threads"]))

    def test_rules_on_a_clean_server_say_nothing(self):
        self.assertEqual(run("investigate", self.clean, "--rules", self.RULES).returncode, CLEAN)
        done = run("investigate", self.clean, "--min-level", "high")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("means nothing without --rules", done.err)
        self.assertEqual(run("investigate", self.clean, "--rules", self.here / "absent").returncode, USAGE)

    # --- events -----------------------------------------------------------------------------------------------------
    def test_events_in_three_forms_say_the_same(self):
        events = [json.loads(line) for line in run("events", self.hacked, "-q").out.splitlines()]
        self.assertGreater(len(events), 1000)
        rows = list(csv.DictReader(io.StringIO(run("events", self.hacked, "-q", "--csv").out)))
        tree = ElementTree.fromstring(run("events", self.hacked, "-q", "--xml").out)
        self.assertEqual((len(rows), len(tree)), (len(events), len(events)))
        space = "{http://schemas.microsoft.com/win/2004/08/events/event}"
        for event, row, element in zip(events, rows, tree):
            self.assertEqual(json.loads(row["data"]), event["data"])
            self.assertEqual(row["time"], event["time"])
            self.assertEqual(element.find(f"{space}System/{space}EventID").text, str(event["event_id"]))
            self.assertEqual(element.find(f"{space}Evidence").get("Offset"), str(event["offset"]))
        shown = events[0]
        with open(shown["path"], "rb") as log:
            log.seek(shown["offset"])
            self.assertIn(str(shown["event_id"]).encode(), log.read(shown["size"]))

    def test_events_do_not_depend_on_workers(self):
        outputs = {run("events", self.hacked, "-q", "-j", workers).out for workers in (1, 2, 7)}
        self.assertEqual(len(outputs), 1)

    def test_events_exit_codes_and_conditions(self):
        done = run("events", self.hacked, "--where", "event_id=4688", "--where", "CommandLine~WHOAMI")
        self.assertEqual(done.returncode, CLEAN)
        self.assertTrue(all("whoami" in json.loads(line)["data"]["CommandLine"] for line in done.out.splitlines()))
        self.assertIn("records of kind windows_event written", done.err)
        self.assertEqual(run("events", self.hacked, "--where", "EventID=4688", "--where", "commandline~whoami").out, done.out)
        self.assertNotIn("has a field", done.err)
        done = run("events", self.hacked, "-q", "--where", "event_id=4688", "--where", "ComandLine~whoami")
        self.assertEqual((done.returncode, done.out), (CLEAN, ""))
        self.assertRegex(done.err, "none of the [0-9]+ records has a field named 'ComandLine'; a field is a column .channel")
        self.assertEqual(run("events", self.log).returncode, INSUFFICIENT)
        self.assertEqual(run("events", self.log, "--kind", "http_request").returncode, CLEAN)
        for words in (("--where", "event_id"), ("--where", "=1"), ("--where", "event_id=four"), ("--from", "soon"),
                      ("--csv", "--xml"), ("--kind", "http_request", "--xml")):
            done = run("events", self.hacked, *words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
            self.assertRegex(done.err, "^ascribe: ", words)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(ASCRIBE), "events", str(self.hacked)], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn(b"cannot be written", done.stderr)

    def test_events_tell_what_was_bad_and_stay_text(self):
        log = self.here / "events.jsonl"
        with log.open("w") as file:
            for value in (HOSTILE, "=cmd()"):
                file.write(json.dumps({"Channel": value, "EventID": 1, value: value}) + "\n")
            file.write('{"Channel":"x"}\n')
        for form in ("--jsonl", "--csv", "--xml"):
            done = run("events", log, form)
            done.out = done.out.replace("\r\n", "\n")  # as CSV ends its lines
            self.plain(done)
            self.assertIn("event.identity", done.err)
            self.assertIn("1 bad", done.err)
            self.assertEqual(len(done.out.splitlines()), {"--jsonl": 2, "--csv": 3, "--xml": 5}[form])
            self.assertNotIn("<script", done.out if form == "--xml" else "")

    def test_a_folder_may_have_the_name_of_a_command(self):
        # The second word was taken for another command.
        shutil.copytree(self.clean, self.here / "report")
        self.assertEqual(run("investigate", "report", cwd=self.here).returncode, CLEAN)

    # --- around the commands ------------------------------------------------------------------------------------------
    def test_every_command_has_help_with_an_example(self):
        listing = run("--help")
        self.assertEqual(listing.returncode, 0)
        names = [line.split()[0] for line in listing.out.split("Commands:")[1].split("\n\n")[0].splitlines() if line.startswith("  ") and line[2] != " "]
        self.assertGreaterEqual(len(names), 7)
        for name in names:
            done = run(name, "--help")
            self.assertEqual(done.returncode, 0, name)
            self.assertIn("Examples:", done.out, name)
            self.assertLessEqual(max(map(len, done.out.splitlines())), 80, name)

    def test_version_manual_and_completions(self):
        self.assertRegex(run("--version").out, r"^ascribe \d+\.\d+\.\d+")
        self.assertIn(".TH ASCRIBE 1", run("manual").out)
        if shutil.which("man"):
            page = self.here / "ascribe.1"
            page.write_text(run("manual").out)
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], capture_output=True, env={**os.environ, "MANWIDTH": "80"})
            self.assertEqual(done.stderr.decode(), "")
        for shell in ("bash", "zsh", "fish"):
            script = self.here / shell
            script.write_text(run("completions", shell).out)
            self.assertIn("investigate", script.read_text())
            if shutil.which(shell):
                self.assertEqual(subprocess.run([shell, "-n", str(script)], capture_output=True).stderr, b"")
        # Names with spaces were cut into words; they are left to bash now.
        (self.here / "EXCH01 triage.zip").touch()
        for typed, expected in (("inv", "investigate"), ("investigate --fail", "--fail-on"), ("investigate --fail-on s", "scan success"), ("investigate EXCH", ""), ("rules te", "test")):
            words = ["ascribe", *typed.split()]
            script = f'source ./bash; COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _ascribe; echo "${{COMPREPLY[@]}}"'
            self.assertEqual(subprocess.run(["bash", "-c", script], cwd=self.here, capture_output=True).stdout.decode(), expected + "\n")
        self.assertIn(b"complete -o default", subprocess.run(["bash", "-c", "source ./bash; complete -p ascribe"], cwd=self.here, capture_output=True).stdout)

    def test_no_colour_when_not_a_terminal(self):
        self.plain(run("investigate", self.hacked))


if __name__ == "__main__":
    unittest.main(verbosity=2)
