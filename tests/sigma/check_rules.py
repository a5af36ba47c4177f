#!/usr/bin/env python3
"""Every rule of ours (intel/rules/sigma) hits its hits and misses its misses (exchange_rules.txt), as judge.py and as
`ascribe hunt` see it, and says what a rule must say; rules quoted in docs/sigma.md load. check_rules.py [ASCRIBE]
"""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import check_specification
import correlate
import judge
import sources

HERE = pathlib.Path(__file__).resolve().parent
RULES = HERE.parents[1] / "intel/rules/sigma"
DAY = check_specification.DAY
TECHNIQUE = re.compile(r"attack\.(t\d{4}(\.\d{3})?|[a-z]+(-[a-z]+)*)|cve\.\d{4}-\d{4,}")
# Where the values of each log go, for the judge: the log source whose names they have.
LOGS = {"httpproxy": {"product": "exchange", "service": "httpproxy"}, "ecp": {"product": "exchange", "service": "ecp"},
        "cmdlet": {"product": "exchange", "service": "cmdlet"}}
FILES = {"httpproxy": "HttpProxy_2021030204-1.LOG", "ecp": "ECPServer20210302-1.LOG", "cmdlet": "Rps_Cmdlet_2021030204-1.LOG",
         "events": "events.json"}
TYPES = {"httpproxy": "HttpProxy Logs", "ecp": "ECP Server Log", "cmdlet": "Rps Cmdlet Logs"}


def plain(value):
    return bytes.fromhex(value[4:]).decode() if isinstance(value, str) and value.startswith("hex:") else value


def samples():
    """The cases with their rule's text, their log and their rows in clear."""
    cases, logs, kept = [], {}, []
    for line in (HERE / "exchange_rules.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("log "):
            logs[name] = line[4:]
            continue
        if line.startswith("case "):
            name = line[5:]
        kept.append(line)
    for case in check_specification.cases_in("exchange_rules.txt", kept):
        case.log = logs[case.name]
        case.lines = (RULES / f"{case.name}.yml").read_text(encoding="utf-8").splitlines()
        case.events = [(word, time, {k: plain(v) for k, v in row.items()}) for word, time, row in case.events]
        cases.append(case)
    return cases


def judged_row(case, number, table):
    if case.log == "events":
        return check_specification.judged_event(case.event(number))
    _, time, row = case.events[number]
    source = next(s for s in table if s.speaks_of(LOGS[case.log]))
    event = {"record": source.record, "time": f"{DAY}T{time}.000Z"}
    event.update({source.fields[name]: str(value) for name, value in row.items() if value != ""})
    return event


def evidence(case):
    """The log's bytes, and the offset of each row."""
    if case.log == "events":
        lines = [json.dumps(case.event(n)) + "\n" for n in range(len(case.events))]
        head = ""
    else:
        columns = list(dict.fromkeys(name for _, _, row in case.events for name in row))
        build = {"MajorVersion": 15, "MinorVersion": 1, "BuildVersion": 2106, "RevisionVersion": 2}
        fixed = {"httpproxy": ["RequestId", *build, "Protocol", "AnchorMailbox", "UrlStem", "UrlQuery", "RoutingHint", "HttpStatus"],
                 "cmdlet": ["Cmdlet", "Parameters"], "ecp": []}[case.log]
        names = ["TimeStamp", "ServerName", "EventId", "EventData"] if case.log == "ecp" else \
            ["DateTime", "ServerHostName", *dict.fromkeys(fixed + columns)]
        head = (f"#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: {TYPES[case.log]}\r\n"
                f"#Date: {DAY}T04:00:00.000Z\r\n#Fields: {','.join(names)}\r\n")
        lines = [row_of(case.log, names, time, {**build, **row}) for _, time, row in case.events]
    offsets, at = [], len(head.encode())
    for line in lines:
        offsets.append(at)
        at += len(line.encode())
    return (head + "".join(lines)).encode(), offsets


def row_of(log, names, time, row):
    moment = f"{DAY}T{time}.000Z"
    if log == "ecp":
        data = f"S:TIME=1;S:SID={row.get('AuthenticatedUser', '')};S:CMD={row['Cmdlet']}.{row['Parameters']};S:BLD=15.1.2106.2"
        cells = [moment, "EX01", "ECP.Request", data]
    else:
        cells = [moment, "EX01", *(row.get(name, "") for name in names[2:])]
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def judged(case, table):
    rules, refusals = judge.read("\n".join(case.lines))
    if refusals:
        yield f"refused: {refusals[0]}"
        return
    correlate.check(rules)
    events = [judged_row(case, n, table) for n in range(len(case.events))]
    detections, _ = correlate.filtered(rules)
    hits = {n for n, event in enumerate(events) for r in detections if sources.match(r, event, table)}
    yield from check_specification.differences(case, hits, correlate.alerts(rules, events, table))


def hunted(case, ascribe):
    with tempfile.TemporaryDirectory() as folder:
        data, offsets = evidence(case)
        (pathlib.Path(folder) / FILES[case.log]).write_bytes(data)
        rule = RULES / f"{case.name}.yml"
        done = subprocess.run([ascribe, "hunt", folder, "--rules", rule, "--only", "sigma", "--jsonl"], capture_output=True,
                              text=True, timeout=60)
        if done.returncode not in (0, 1, 3):
            yield f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"
            return
        yield from check_specification.differences(case, *check_specification.reported(done.stdout, offsets))


def rule_faults():
    """What a rule of ours must say of itself."""
    ids = set()
    for file in sorted(RULES.glob("*.yml")):
        for number, document in enumerate(judge.yaml.load_all(file.read_text(encoding="utf-8"), judge.Loader)):
            wanted = ["title", "id", "status", "level"] + ([] if number else ["description", "references", "author", "date", "tags",
                                                                             "falsepositives"])
            for key in wanted:
                if not document.get(key):
                    yield f"{file.name}: no {key}"
            if document.get("id") in ids:
                yield f"{file.name}: its id is another rule's"
            ids.add(document.get("id"))
            for tag in document.get("tags", []):
                if not TECHNIQUE.fullmatch(tag):
                    yield f"{file.name}: tag {tag}"


def quoted_faults(ascribe):
    """Rules quoted in docs/sigma.md load."""
    page = (HERE.parents[1] / "docs/sigma.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(title:.*?)```", page, re.S):
        rules, refusals = judge.read(block, {"Administrators": ["alice"]})
        correlate.check(rules)
        for title, reason in refusals:
            yield f"docs/sigma.md: {title}: {reason}"
        if ascribe:
            with tempfile.TemporaryDirectory() as folder:
                rule, names = pathlib.Path(folder, "rule.yml"), pathlib.Path(folder, "names.yml")
                rule.write_text(block, encoding="utf-8")
                names.write_text("Administrators: [alice]\n")
                done = subprocess.run([ascribe, "rules", "test", rule, "--placeholders", names], capture_output=True, text=True, timeout=60)
                if done.returncode != 0:
                    yield f"docs/sigma.md: {rules[0].title}: {done.stdout.strip()}"


def main():
    ascribe = sys.argv[1] if len(sys.argv) > 1 else None
    table, cases = sources.read(), samples()
    faults = [*rule_faults(), *quoted_faults(ascribe)]
    for name in sorted({f.stem for f in RULES.glob("*.yml")} ^ {c.name for c in cases}):
        faults.append(f"{name}: rule without samples, or samples without rule")
    for case in cases:
        words = {word for word, _, _ in case.events}
        if not case.expected and not {"hit", "miss"} <= words:
            faults.append(f"{case.name}: needs a hit and a miss")
        faults += [f"{case.name}: judge: {fault}" for fault in judged(case, table)]
        if ascribe:
            faults += [f"{case.name}: hunt: {fault}" for fault in hunted(case, ascribe)]
    print("\n".join(faults))
    print(f"{len(cases)} rules, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
