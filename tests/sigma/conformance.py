#!/usr/bin/env python3
"""For every rule an event that must hit and one that must just miss, written as evidence, and every rule judged on every event
of its log source: by judge.py and by `ascribe hunt`, which must find the same pairs of rule and event.

conformance.py RULES... [--ascribe ASCRIBE] [--keep FOLDER] [--every N]
conformance.py --ascribe ASCRIBE                       the live rules of sigma-rules.tar.zst in $ASCRIBE_EVIDENCE

Windows rules become Windows events as JSON lines, rules of webserver and proxy a W3C log. Prints the rules for which no event
could be made, other than those of IMPOSSIBLE, and every pair on which the two disagree; ends with 1 when there is any, with 77
where the evidence is missing.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import judge
import sources
import synthesis

# The columns a W3C log has for those of a web request, as the parser names them.
W3C = {"@site": "s-sitename", "@server_ip": "s-ip", "@method": "cs-method", "@stem": "cs-uri-stem", "@query": "cs-uri-query",
       "@port": "s-port", "@user": "cs-username", "@client_ip": "c-ip", "@user_agent": "cs(User-Agent)", "@cookie": "cs(Cookie)",
       "@referrer": "cs(Referer)", "@host": "cs-host", "@status": "sc-status", "@substatus": "sc-substatus",
       "@win32_status": "sc-win32-status", "@sent_bytes": "sc-bytes", "@received_bytes": "cs-bytes", "@time_taken_ms": "time-taken"}
SYSTEM = {"@channel": "Channel", "@event_id": "EventID", "@computer": "Computer", "@level": "Level", "@record_id": "EventRecordID"}
NUMBERS = {"@port", "@status", "@substatus", "@win32_status", "@sent_bytes", "@received_bytes", "@time_taken_ms", "@level",
           "@record_id", "@event_id"}
# What may stand between the parts of a value that a rule asks for, and at its ends where doubled.
JOINTS = {"windows_event": (" ", "x x"), "http_request": ("&", "/", "x/x", "?x&", "+")}
# SigmaHQ's rules that no event of ours can hit, and why.
IMPOSSIBLE = {
    "1da8ce0b-855d-4004-8860-7d64d42063b1": "words with spaces, of Apache's error log",
    "e9a2b582-3f6a-48ac-b4a1-6849cdc50b3c": "words with spaces, of Apache's error log",
    "59ec40bb-322e-40ab-808d-84fa690d7e56": "words with spaces, of nginx's error log",
    "eafb8bd5-7605-4bfe-a9ec-0442bc151f15": "a header with a space, which web logs do not have",
    "21e44d78-95e7-421b-a464-ffd8395659c4": "an empty user agent, which is logged as no value",
    "53d4bb30-3f36-4e8a-b078-69d36c4a79ff": "the rule wants a whole value and another one in the same field",
    "a62b37e0-45d3-48d9-a517-90c1a1b0186b": "the rule means the cleared channel by Channel, not the event's own",
}


class Impossible(Exception):
    """The event cannot be written as evidence: a space in a log of words, a letter in a column of numbers."""


def source_has(fields, source, column):
    return any(source.fields.get(name) == column for name in fields)


def event_of(fields, source, log_source_id):
    """The record for values under the rule's names, as the parser would make it."""
    event = {"record": source.record}
    if source.record == "windows_event":
        event["@channel"] = "Channel-" if not source.channel else next(iter(source.names))
        event["@event_id"] = log_source_id
    for name, value in fields.items():
        name = source.fields.get(name, name)
        if name == "@uri" and (source_has(fields, source, "@stem") or not value.partition("?")[0].startswith("/")):
            event["@query"] = value.removeprefix("?")
            event.setdefault("@stem", "/")
        elif name == "@uri":
            stem, mark, query = value.partition("?")
            event["@stem"] = stem
            if mark:
                event["@query"] = query
        elif name == "@level":
            event[name] = next((number for number, word in sources.LEVELS.items() if word == value), value)
        elif name == "@agent":
            event["@user_agent"] = value.replace(" ", "+")
        else:
            event[name] = value
    for name, value in list(event.items()):
        if name in NUMBERS and not value.isdigit():
            raise Impossible(f"{name} is a number")
        if source.record == "http_request" and name != "record":
            if not value or value == "-" or any(c.isspace() for c in value) or (name == "@stem" and not value.startswith("/")):
                raise Impossible(f"{name} cannot be logged")
        if source.record == "windows_event" and name in ("@computer", "@level", "@record_id") and value == "":
            raise Impossible(f"{name} cannot be empty")
    return event


def ids_for(rule, source):
    """Event ids worth trying: the log source's, else those the rule itself asks for."""
    if source.record != "windows_event":
        return [""]
    if source.ids:
        return sorted(source.ids, key=int)
    own = []
    for body in rule.document["detection"].values():
        for each in body if isinstance(body, list) else [body]:
            if isinstance(each, dict):
                for key, value in each.items():
                    if str(key).split("|")[0] == "EventID":
                        own += value if isinstance(value, list) else [value]
    return list(dict.fromkeys([str(i) for i in own if str(i).isdigit()] + ["1"]))[:8]


def made(rule, table):
    """(hit, miss) as records; None for what could not be made, with the reasons met on the way."""
    reasons, hit = collections.Counter(), None
    places = [s for s in table if s.speaks_of(rule.logsource)]
    if not places:
        return None, None, ["no log source"]
    for source in places:
        for number in ids_for(rule, source):
            for tried, fields in enumerate(synthesis.hits(rule, JOINTS[source.record])):
                if tried == synthesis.TRIES:
                    break
                try:
                    event = event_of({**fields, **({"EventID": number} if "EventID" in fields else {})}, source, number)
                except Impossible as impossible:
                    reasons[str(impossible)] += 1
                    continue
                if sources.match(rule, event, [source]):
                    hit = event
                    break
            if hit:
                break
        if hit:
            break
    if not hit:
        return None, None, [reason for reason, _ in reasons.most_common(3)]
    for changed in synthesis.misses({k: v for k, v in hit.items() if k not in ("record", "@channel", "@event_id")}):
        fixed = {k: v for k, v in hit.items() if k in ("record", "@channel", "@event_id")}
        try:
            miss = event_of_columns({**fixed, **changed}, source)
        except Impossible:
            continue
        if not sources.match(rule, miss, [source]):
            return hit, miss, []
    miss = dict(fixed)
    if sources.match(rule, miss, [source]):
        miss["@event_id"] = "65535"
    return hit, None if sources.match(rule, miss, [source]) else miss, []


def event_of_columns(event, source):
    """The same checks for an event that has columns already."""
    plain = type(source)(source.record, {}, {})
    plain.names = [event.get("@channel", "")]
    checked = event_of({k: v for k, v in event.items() if k not in ("record", "@channel", "@event_id")}, plain, event.get("@event_id", ""))
    return {**checked, **{k: v for k, v in event.items() if k in ("record", "@channel", "@event_id")}}


def written(events, folder):
    """Writes the evidence and returns {(file name, offset): number of the event}."""
    windows = [(n, e) for n, e in enumerate(events) if e["record"] == "windows_event"]
    web = [(n, e) for n, e in enumerate(events) if e["record"] == "http_request"]
    places, offset = {}, 0
    if windows:
        with open(folder / "events.json", "wb") as out:
            for n, event in windows:
                data = {k: v for k, v in event.items() if not k.startswith("@") and k != "record"}
                system = {SYSTEM[k]: v for k, v in event.items() if k in SYSTEM}
                system["TimeCreated"] = {"SystemTime": "2021-03-02T04:00:00.000Z"}
                system["EventRecordID"] = system.get("EventRecordID", str(n + 1))
                if "@provider" in event:
                    system["Provider"] = {"Name": event["@provider"]}
                line = (json.dumps({"Event": {"System": system, "EventData": data}}) + "\n").encode()
                places["events.json", offset] = n
                offset += len(line)
                out.write(line)
    if web:
        extra = sorted({k for _, e in web for k in e if not k.startswith("@") and k != "record"})
        head = ["date", "time", *W3C.values(), *extra]
        with open(folder / "u_ex210302.log", "wb") as out:
            offset = out.write(("#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Fields: "
                                + " ".join(head) + "\r\n").encode())
            for n, event in web:
                cells = ["2021-03-02", "04:00:00", *(event.get(k, "-") for k in W3C), *(event.get(k, "-") for k in extra)]
                line = (" ".join(cells) + "\r\n").encode()
                places["u_ex210302.log", offset] = n
                offset += len(line)
                out.write(line)
    return places


def judged_pairs(rules, events, table):
    """Every (rule id, number of the event) that the judge finds."""
    by_kind = collections.defaultdict(list)
    for n, event in enumerate(events):
        by_kind[event["record"], event.get("@channel", "").lower(), event.get("@event_id", "")].append((n, event))
    pairs = set()
    for rule in rules:
        for source in (s for s in table if s.speaks_of(rule.logsource)):
            for (record, channel, number), some in by_kind.items():
                if record != source.record or source.channel not in ("", channel) or (source.ids and number not in source.ids):
                    continue
                for n, event in some:
                    if rule.matches(sources.View(event, source)):
                        pairs.add((rule.id, n))
    return pairs


def hunted_pairs(ascribe, folder, rule_paths, places):
    words = [ascribe, "hunt", folder, "--only", "sigma", "--jsonl"]
    for path in rule_paths:
        words += ["--rules", path]
    begun = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, timeout=3600)
    print(f"hunt: {time.monotonic() - begun:.1f} s, exit {done.returncode}")
    if done.returncode not in (0, 1, 3):
        raise SystemExit(done.stderr[-2000:])
    pairs = set()
    for line in done.stdout.splitlines():
        hit = json.loads(line)
        if "rule_id" in hit and "offset" in hit:
            pairs.add((hit["rule_id"], places[pathlib.PurePath(hit["path"]).name, hit["offset"]]))
    return pairs


def load(paths, every):
    rules, refusals, n = [], [], 0
    for path in paths:
        files = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        for file in files:
            n += 1
            if n % every:
                continue
            some, refused = judge.read(file.read_text(encoding="utf-8"))
            rules += some
            refusals += [(file, *r) for r in refused]
    return rules, refusals


def live_rules(folder):
    """The folders of live rules, unpacked."""
    evidence = pathlib.Path(os.environ.get("ASCRIBE_EVIDENCE", sources.ROOT.parent / "shared/evidence"))
    packed = evidence / "sigma-rules.tar.zst"
    if not packed.is_file():
        print(f"skipped: needs {packed.name} in $ASCRIBE_EVIDENCE")
        sys.exit(77)
    subprocess.run(["tar", "--zstd", "-xf", packed, "-C", folder], check=True)
    return [folder / "sigma-rules" / name for name in ("rules", "rules-emerging-threats", "rules-threat-hunting")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rules", nargs="*", type=pathlib.Path)
    parser.add_argument("--ascribe")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as unpacked:
        arguments.rules = arguments.rules or live_rules(pathlib.Path(unpacked))
        sys.exit(compare(arguments))


def compare(arguments):
    """1 when anything is not as it must be."""
    table = sources.read()
    rules, refusals = load(arguments.rules, arguments.every)
    read = [r for r in rules if not r.correlation and not r.filter and any(s.speaks_of(r.logsource) for s in table)]
    events, owners, faults = [], [], 0
    for rule in read:
        hit, miss, reasons = made(rule, table)
        if (hit is None) != (rule.id in IMPOSSIBLE):
            faults += 1
            print(f"no longer impossible: {rule.id} {rule.title}" if hit else f"no hit: {rule.id} {rule.title}: {', '.join(reasons)}")
        for event, what in ((hit, "hit"), (miss, "miss")):
            if event is None and hit:
                faults += 1
                print(f"no {what}: {rule.id} {rule.title}: {', '.join(reasons)}")
            elif event:
                events.append(event)
                owners.append((rule.id, what))
    print(f"{len(rules)} rules, {len(refusals)} refused, {len(read)} of a known log source, {len(events)} events")
    with tempfile.TemporaryDirectory() as made_folder:
        folder = arguments.keep or pathlib.Path(made_folder)
        folder.mkdir(parents=True, exist_ok=True)
        places = written(events, folder)
        begun = time.monotonic()
        pairs = judged_pairs(read, events, table)
        print(f"judge: {len(pairs)} pairs, {time.monotonic() - begun:.1f} s")
        for n, (rule, what) in enumerate(owners):
            if ((rule, n) in pairs) != (what == "hit"):
                raise SystemExit(f"the judge changed its mind on {rule}")
        if arguments.ascribe:
            found = hunted_pairs(arguments.ascribe, folder, arguments.rules, places)
            titles = {r.id: r.title for r in read}
            found = {(rule, n) for rule, n in found if rule in titles}  # with --every, more are hunted by
            for rule, n in sorted(found ^ pairs):
                faults += 1
                side = "hunt only" if (rule, n) in found else "judge only"
                print(f"{side}: {rule} {titles.get(rule, '')}: {json.dumps(events[n], ensure_ascii=False)[:600]}")
    print(f"{faults} faults")
    return bool(faults)


if __name__ == "__main__":
    main()
