#!/usr/bin/env python3
"""Hunts, rules, events and watches, tried on the executable as a user would.

check_rules.py ASCRIBE [NAME...]
"""
import csv
import gzip
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

from cases import ASCRIBE, CLEAN, Cases, FINDINGS, HOSTILE, IIS_HEAD, INSUFFICIENT, USAGE, WEB_LINE, case_of, run


class Rules(Cases):
    def test_a_hunt_that_read_nothing_is_not_clean(self):
        unreadable = self.here / "Security.evtx"
        unreadable.write_bytes(bytes(range(256)) * 400)
        done = run("hunt", unreadable)
        self.assertEqual(done.returncode, INSUFFICIENT, done.out)
        self.assertRegex(done.out, r"\d+ notes? of damage")
        self.assertIn("Nothing was read: no file is of a kind that is known here", done.out)

    def test_a_hunt_names_the_logs_that_it_could_not_read(self):
        folder = self.here / "logs"
        folder.mkdir()
        (folder / "access.log").write_text(WEB_LINE.format(1, "a") + "no request\n")
        (folder / "haproxy.log").write_text("May  2 10:00:00 lb haproxy[123]: 203.0.113.1:55555 fe be/s1 0/0/0/5/5 200 1234\n")
        (folder / "notes.bin").write_bytes(bytes(range(256)))
        with gzip.open(folder / "old.gz", "wt") as packed:
            packed.write(WEB_LINE.format(2, "a"))
        done = run("hunt", folder)
        self.assertIn("5 files, 2 of kinds not read, 1 bad line,", done.out)
        self.assertIn("1 x access_log.time", done.out)
        self.assertRegex(done.out, r"Not read +\S*haproxy\.log\n")
        told = run("investigate", folder).out
        self.assertIn("2 files of kinds not read", re.sub(r"\s+", " ", told))
        self.assertRegex(re.sub(r"\s+", " ", told), r"Not read, though named like logs: \S*haproxy\.log ")

    def test_a_hunt_for_programs_tells_people_what_was_not_read(self):
        log = self.here / "access.log"
        log.write_text(WEB_LINE.format(1, "a") + "no request\n")
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
        log.write_text("".join(WEB_LINE.format(second, f"page{second}") for second in (5, 1, 9)))
        hits = [json.loads(line) for line in run("hunt", log, "--rules", rule, "--only", "sigma", "--jsonl").out.splitlines()]
        self.assertEqual([(hit["time"], hit["line"]) for hit in hits],
                         [(f"2021-03-02T10:00:0{second}.000Z", line) for line, second in enumerate((5, 1, 9), 1)])

    def test_coded_detectors_alone_count_what_they_read(self):
        log = self.here / "access.log"
        log.write_text("".join(WEB_LINE.format(second, f"page{second}") for second in range(9)))
        done = run("hunt", log, "--only", "coded")
        self.assertEqual(done.returncode, CLEAN, done.out + done.err)
        self.assertNotIn("Nothing was read", done.out)

    def test_a_folder_without_rules_is_no_set_of_rules(self):
        for words in (("rules", "test", self.here), ("hunt", self.log, "--rules", self.here)):
            done = run(*words)
            self.assertEqual((done.returncode, done.out), (USAGE, ""), words)
            self.assertIn("no Sigma rule is there", done.err)

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
