#!/usr/bin/env python3
"""What the help promises, tried on the executable as a user would: exit codes, options, interruption, cases, completions.

check_cli.py ASCRIBE [NAME...]
"""
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from cases import ASCRIBE, CLEAN, Cases, FINDINGS, IIS_HEAD, INSUFFICIENT, INTERRUPTED, USAGE, case_of, run, wait_until_it_listens


class Promises(Cases):
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

    def test_a_folder_may_have_the_name_of_a_command(self):
        # The second word was taken for another command.
        shutil.copytree(self.clean, self.here / "report")
        self.assertEqual(run("investigate", "report", cwd=self.here).returncode, CLEAN)

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
