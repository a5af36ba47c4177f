#!/usr/bin/env python3
"""What `ascribe attribute` promises, tried on the executable: the lines' shape, replaced knowledge, refusals, what-if, weights
that refitting reproduces, and the same bytes for any number of threads.

check_attribution.py ASCRIBE [NAME...]
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ASCRIBE = pathlib.Path(sys.argv.pop(1)).resolve()
CLEAN, FINDINGS, USAGE = range(3)


def run(*words):
    done = subprocess.run([str(ASCRIBE), *map(str, words)], capture_output=True, timeout=300)
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    return done


ORACLES = pathlib.Path(os.environ["ASCRIBE_EVIDENCE"]).parent if "ASCRIBE_EVIDENCE" in os.environ else \
    pathlib.Path(__file__).resolve().parents[2].parent / "shared"
INCIDENTS = ORACLES / "oracles/attribution/train_incidents.json"
REDACTED = ORACLES / "knowledge/attack/enterprise-attack-18.1-redacted.json.zst"


class Attribution(unittest.TestCase):
    def setUp(self):
        self.here = pathlib.Path(tempfile.mkdtemp(prefix="ascribe-who-"))

    def tearDown(self):
        shutil.rmtree(self.here)

    def incidents(self, count=40):
        told = [{"id": f"I{i}", "techniques": ["T1190", "T1505.003", f"T10{i % 80:02}"], "software": ["S0020"] if i % 3 else [],
                 "date": "2021-03-02" if i % 2 else None} for i in range(count)]
        path = self.here / "incidents.json"
        path.write_text(json.dumps(told))
        return path

    def test_lines_have_the_promised_shape(self):
        done = run("attribute", self.incidents())
        self.assertEqual(done.returncode, CLEAN, done.err)
        lines = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual([line["id"] for line in lines], [f"I{i}" for i in range(40)])
        for line in lines:
            self.assertLessEqual({"id", "hypotheses", "other", "word", "confidence", "ledger"}, set(line))
            actors = [hypothesis["actor"] for hypothesis in line["hypotheses"]]
            self.assertEqual(len(actors), 172)
            self.assertEqual(len(set(actors)), 172)
            self.assertTrue(all(re.fullmatch(r"G\d{4}", actor) for actor in actors))
            self.assertAlmostEqual(sum(h["p"] for h in line["hypotheses"]) + line["other"], 1, places=9)
            self.assertAlmostEqual(sum(part["nats"] for part in line["ledger"]), line["score"], places=9)

    def test_the_number_of_threads_changes_nothing(self):
        path = self.incidents(1500)
        outputs = {hashlib.sha256(run("attribute", path, "--workers", n).stdout).hexdigest() for n in (1, 2, 3, 7)}
        self.assertEqual(len(outputs), 1)

    def test_a_bundle_replaces_the_built_in_knowledge(self):
        bundle = {"objects": [
            {"type": "intrusion-set", "id": "i", "name": "A", "external_references": [{"source_name": "mitre-attack", "external_id": "G9001"}]},
            {"type": "tool", "id": "t", "name": "T", "external_references": [{"source_name": "mitre-attack", "external_id": "S0020"}]},
            {"type": "relationship", "relationship_type": "uses", "source_ref": "i", "target_ref": "t",
             "external_references": [{"source_name": "P", "url": "https://p.example"}]}]}
        path = self.here / "bundle.json"
        path.write_text(json.dumps(bundle))
        done = run("attribute", self.incidents(1), "--attack", path)
        self.assertEqual([h["actor"] for h in json.loads(done.out)["hypotheses"]], ["G9001"])
        self.assertEqual(json.loads(done.out)["unknown"], ["T1190", "T1505.003", "T1000"])
        table = self.here / "attack.tsv"
        table.write_bytes(run("intel", "import", path).stdout)
        self.assertEqual(run("attribute", self.incidents(1), "--attack", table).out, done.out)

    def test_bad_files_are_refused_in_a_sentence(self):
        for name, content in {"empty.json": "", "deep.json": "[" * 100000, "types.json": '[{"id":1,"techniques":5}]'}.items():
            path = self.here / name
            path.write_text(content)
            done = run("attribute", path)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(name, done.err)
        self.assertEqual(run("attribute", "--techniques", "T0").returncode, USAGE)
        self.assertEqual(run("attribute", self.here).returncode, USAGE)

    def test_a_case_is_answered_again_without_a_finding(self):
        case, evidence = self.here / "case.ascribe", self.here / "evidence"
        run("demo", "--story", "intrusion", "--write", evidence)
        run("investigate", evidence, "-o", case, "-q")
        whole = run("attribute", case, "--json")
        self.assertEqual(whole.returncode, CLEAN, whole.err)
        answers = json.loads(whole.out)["attributions"]
        self.assertTrue(answers)
        self.assertEqual(answers, json.loads(run("report", case, "--format", "json").out)["attributions"])
        some = next(line["findings"][0] for line in answers[0]["evidence"] if line["findings"])
        self.assertNotEqual(run("attribute", case, "--json", "--what-if", f"drop {some}").out, whole.out)
        self.assertEqual(run("attribute", case, "--what-if", "drop F-none").returncode, USAGE)
        american = run("attribute", case, "--words", "icd203", "--names", "microsoft").out
        self.assertNotIn("realistic possibility", american)
        self.assertNotIn("100 %", american)

    def told(self, incidents):
        path = self.here / "told.json"
        path.write_text(json.dumps(incidents))
        return path

    def test_incidents_that_share_a_hard_link_are_judged_as_one(self):
        path = self.told([{"id": "A", "techniques": ["T1190"], "software": [], "date": None, "links": ["key:zz"]},
                          {"id": "B", "techniques": ["T1505.003"], "software": ["S0020"], "date": None, "links": ["KEY:ZZ"]},
                          {"id": "C", "techniques": ["T1190"], "software": [], "date": None}])
        apart, pooled = run("attribute", path).out.splitlines(), run("attribute", path, "--pool").out.splitlines()
        self.assertEqual([json.loads(line)["id"] for line in apart], ["A", "B", "C"])
        self.assertEqual([json.loads(line)["id"] for line in pooled], ["A + B", "C"])
        both = run("attribute", self.told([{"id": "A + B", "techniques": ["T1190", "T1505.003"], "software": ["S0020"], "date": None}]))
        self.assertEqual(both.out.splitlines()[0], pooled[0])
        bad = run("attribute", self.told([{"id": "A", "techniques": [], "links": ["page:x"]}]), "--pool")
        self.assertEqual(bad.returncode, USAGE)
        self.assertIn("no hard link", bad.err)

    def test_what_was_published_later_can_be_left_out(self):
        path = self.told([{"id": "A", "techniques": ["T1190", "T1505.003"], "software": ["S0020"], "date": "2015-01-01"}])
        whole, then = run("attribute", path).out, run("attribute", path, "--as-of", "incident").out
        self.assertNotEqual(whole, then)
        self.assertEqual(then, run("attribute", path, "--as-of", "2015-01-01").out)
        self.assertEqual(len(json.loads(then)["hypotheses"]), 172)
        self.assertEqual(run("attribute", path, "--as-of", "then").returncode, USAGE)

    def test_a_galaxy_becomes_names_that_change_no_number(self):
        galaxy = self.here / "galaxy.json"
        galaxy.write_text(json.dumps({"version": 3, "values": [{"value": "Odd Heron", "meta": {
            "name-attribution": ["G0125:m", "Odd Heron:u"], "synonyms": ["Heron"]}}]}))
        producers = self.here / "producers.json"
        producers.write_text(json.dumps({"values": [{"uuid": "u", "value": "Acme"}]}))
        done = run("intel", "import", galaxy, "--producers", producers, "--dated", "2026-08-06")
        self.assertEqual(done.returncode, CLEAN, done.err)
        self.assertIn("name\tG0125\tOdd Heron\tAcme\tMISP threat-actor galaxy 3\t2026-08-06\tstated\n", done.out)
        folder = self.here / "intel"
        shutil.copytree(pathlib.Path(__file__).resolve().parents[2] / "intel", folder)
        (folder / "names.tsv").write_text(done.out)
        words = ["attribute", "--techniques", "T1190,T1505.003", "--software", "S0020,S1011"]
        named = run(*words, "--intel", folder, "--names", "acme")
        self.assertEqual(named.returncode, CLEAN, named.err)
        self.assertIn("Odd Heron [HAFNIUM]", named.out)
        self.assertEqual(run(*words, "--json").out, run(*words, "--json", "--intel", folder).out)
        self.assertEqual(run(*words, "--names", "nobody-such").returncode, USAGE)

    @unittest.skipUnless(INCIDENTS.exists() and REDACTED.exists(), "needs the training incidents and the redacted bundle")
    def test_the_weights_are_what_fitting_prints(self):
        bundle = self.here / "enterprise-attack-18.1-redacted.json"
        bundle.write_bytes(subprocess.run(["zstd", "-dc", REDACTED], capture_output=True, check=True).stdout)
        fitted = run("attribute", "--fit", INCIDENTS, "--attack", bundle).out
        shipped = (pathlib.Path(__file__).resolve().parents[2] / "intel/attribution.tsv").read_text()
        self.assertEqual(fitted, shipped)


if __name__ == "__main__":
    unittest.main(verbosity=1)
