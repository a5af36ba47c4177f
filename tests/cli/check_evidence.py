#!/usr/bin/env python3
"""What evidence may be, tried on the executable as a user would: custody, encrypted archives, standard input, several servers, bad files.

check_evidence.py ASCRIBE [NAME...]
"""
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import unittest
import zipfile

from cases import ASCRIBE, CLEAN, Cases, FINDINGS, HOSTILE, IIS_HEAD, INSUFFICIENT, INTEGRITY, WEB_LINE, case_of, run


class Evidence(Cases):
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

    def test_max_output_stops_a_bomb_and_says_so(self):
        with zipfile.ZipFile(self.here / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("a.log", "w", force_zip64=True) as member:
                for _ in range(70):
                    member.write(bytes(16 << 20))
        done = run("investigate", self.here / "bomb.zip", "--max-output", "1")
        self.assertEqual(done.returncode, INSUFFICIENT, done.err)
        self.assertRegex(done.out, "Damage .*archive")

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

    def test_text_that_was_cut_while_inflating_is_told(self):
        whole = gzip.compress("".join(WEB_LINE.format(i % 60, os.urandom(8).hex()) for i in range(20000)).encode())
        packed = self.here / "access.log.gz"
        packed.write_bytes(whole[:len(whole) // 2])
        done = run("hunt", packed)
        self.assertIn("1 x archive (truncated)", done.out)
        case, _ = case_of(packed)
        cut = [one for one in case["damage"] if one["what"] == "archive" and one["fault"] == "truncated"]
        self.assertEqual(len(cut), 1)
        self.assertTrue(cut[0]["path"].endswith("access.log.gz!access.log"), cut)
        self.assertGreater(sum(one["records"] for one in case["accounting"]), 1000)

    def test_a_name_with_a_newline_makes_no_line_of_its_own(self):
        self.assertEqual(run("investigate", self.here / "a\nascribe: all is well").err.count("\n"), 1)
        folder = self.here / "e\nvil"
        folder.mkdir()
        (folder / "old.gz").write_bytes(gzip.compress(os.urandom(20_000))[:9_000])
        self.assertEqual(run("shells", folder).err.count("\n"), 1)

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
