#!/usr/bin/env python3
"""Runs every case of specification/*.txt through the judge and through `ascribe hunt`; both must say what the case says.

A case is a name, a rule and events:

    case what the specification says
        selection:                              the rule's detection, indented by four; or whole documents, with a title
            CommandLine|contains: whoami
        condition: selection
    placeholder Name = value, value             what `expand` puts in its place
    hit {"CommandLine": "whoami /all"}          an event that must hit
    miss {"CommandLine": "hostname"}            an event that must not
    refused words                               instead of events: the rule must be refused, and the reason must hold the words

Cases of several events in time (correlation.txt) give each event its time and say who must be reported, and nobody else:

    04:00:05 {"TargetUserName": "alice"}
    => Title of the rule | group by group
    => nothing

Events are Windows events of Sysmon's first kind unless they say otherwise. check_specification.py [ASCRIBE] [words of a case]
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

import correlate
import judge
import sources

HERE = pathlib.Path(__file__).resolve().parent
EVENT = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1}
DAY = "2021-03-02"


class Case:
    def __init__(self, name, file):
        self.name, self.file = name, file
        self.lines, self.events, self.expected, self.placeholders, self.refused = [], [], [], {}, None

    @property
    def rules(self):
        text = textwrap.dedent("\n".join(self.lines)) + "\n"
        if re.search(r"^title:", text, re.M):
            return text
        head = f"title: {json.dumps(self.name)}\nid: 5e1c0000-0000-4000-8000-000000000001\nstatus: test\nlevel: medium\n"
        return head + "logsource:\n    product: windows\n    service: sysmon\ndetection:\n" + textwrap.indent(text, "    ")

    def event(self, number):
        """The event as a line of evidence, every value a text as in the log."""
        _, time, fields = self.events[number]
        return {"@timestamp": f"{DAY}T{time}.000Z", **EVENT, **fields}


def cases_in(file, lines):
    case = None
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "case":
            if case:
                yield case
            case = Case(rest, file)
        elif line.startswith("    "):
            case.lines.append(line)
        elif word in ("hit", "miss") or re.fullmatch(r"\d\d:\d\d:\d\d", word):
            time = word if word[0].isdigit() else f"04:{len(case.events) // 60:02}:{len(case.events) % 60:02}"
            case.events.append((word, time, json.loads(rest)))
        elif word == "=>":
            case.expected += [rest] if rest != "nothing" else []
        elif word == "placeholder":
            name, values = rest.split(" = ")
            case.placeholders[name] = values.split(", ")
        elif word == "refused":
            case.refused = rest
        elif line and not line.startswith("#"):
            raise SystemExit(f"{file}: not understood: {line}")
    if case:
        yield case


def cases():
    for file in sorted((HERE / "specification").glob("*.txt")):
        yield from cases_in(file.name, file.read_text(encoding="utf-8").splitlines())


def differences(case, hits, alerts):
    """What does not fit: `hits` are numbers of events, `alerts` are "title | group" of correlations."""
    for number, (word, _, fields) in enumerate(case.events):
        if word in ("hit", "miss") and (number in hits) != (word == "hit"):
            yield f"{word} expected for {json.dumps(fields, ensure_ascii=False)}"
    if sorted(alerts) != sorted(case.expected):
        yield f"expected {sorted(case.expected)}, found {sorted(alerts)}"


def judged_event(event):
    event = sources.shipped(event)
    event["time"] = event.pop("@timestamp")
    return event


def judged(case):
    rules, refusals = judge.read(case.rules, case.placeholders)
    try:
        correlate.check(rules)
    except judge.Refused as refused:
        refusals.append(("", str(refused)))
    if (case.refused is not None) != bool(refusals):
        yield f"refused: {refusals[0][1]}" if refusals else "is not refused"
    if refusals:
        return
    events, table = [judged_event(case.event(n)) for n in range(len(case.events))], sources.read()
    detections, _ = correlate.filtered(rules)
    hits = {n for n, event in enumerate(events) for r in detections if sources.match(r, event, table)}
    yield from differences(case, hits, correlate.alerts(rules, events, table))


def reported(output, offsets):
    """What the product's JSON lines say: numbers of events that hit, and "title | group" of correlations."""
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    hits = {offsets.index(hit["offset"]) for hit in found if "group" not in hit}
    return hits, {f'{hit["title"]} | {", ".join(hit["group"])}' for hit in found if "group" in hit}


def hunted(case, ascribe):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lines = [json.dumps(case.event(n)) for n in range(len(case.events))] or [json.dumps({**EVENT, "Image": "x"})]
        (folder / "events.json").write_text("".join(line + "\n" for line in lines))
        (folder / "rule.yml").write_text(case.rules, encoding="utf-8")
        words = [ascribe, "hunt", folder / "events.json", "--rules", folder / "rule.yml", "--only", "sigma", "--jsonl"]
        if case.placeholders:
            (folder / "placeholders.json").write_text(json.dumps(case.placeholders))
            words += ["--placeholders", folder / "placeholders.json"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        if case.refused is not None:  # the reason stands behind the title, which may hold the same words
            reasons = [line.replace(case.name, "") for line in done.stderr.splitlines() if "rule refused: " in line]
            if not any(case.refused in reason for reason in reasons):
                yield f"no refusal with {case.refused!r} in: {done.stderr.strip()[-300:] or done.stdout.strip()[-300:]}"
            return
        if done.returncode not in (0, 1, 3):
            yield f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"
            return
        offsets = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
        yield from differences(case, *reported(done.stdout, offsets))


def main():
    ascribe = next((word for word in sys.argv[1:] if pathlib.Path(word).is_file()), None)
    words = " ".join(word for word in sys.argv[1:] if word != ascribe)
    faults = total = 0
    for case in cases():
        if words not in case.name:
            continue
        total += 1
        for judge_name, found in (("judge", judged(case)), *([("hunt", hunted(case, ascribe))] if ascribe else [])):
            for fault in found:
                faults += 1
                print(f"{case.file}: {case.name}: {judge_name}: {fault}")
    print(f"{total} cases, {faults} differences")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
