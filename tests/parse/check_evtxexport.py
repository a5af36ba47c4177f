#!/usr/bin/env python3
"""The records of EVTX logs, value by value, as evtxexport of libevtx reads them and as Ascribe does.

    check_evtxexport.py ASCRIBE [FILE|FOLDER...] [--list]

evtxexport (https://github.com/libyal/libevtx) is a reader of the format by others. Every record that it exports must be there with the same values; what
is only written in another way (numbers in hexadecimal, digits of a second, letters of a GUID, white space) is made one first. What differs all the same
is in JUDGED with the reason, and anything else fails. Without files: our golden samples and, where it is there, the third-party evidence. Exits with 77,
"skipped", where evtxexport is not installed (Debian: libevtx-utils).
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

EVENT = re.compile(rb"<Event[ >].*?</Event>", re.S)
TIME = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?$")


def canonical(text):
    text = (text or "").strip()
    time = TIME.match(text)
    if time:  # to the microsecond: both cut, one of them nanoseconds
        return f"{time[1]}T{time[2]}.{(time[3] or '').ljust(6, '0')[:6]}"
    if re.fullmatch(r"0x[0-9A-Fa-f]{1,16}", text):
        return str(int(text, 16))
    if re.fullmatch(r"\{[0-9A-Fa-f-]{36}\}", text):
        return text.lower()
    if re.fullmatch(r"-?\d{1,20}", text):
        number = int(text)
        return str(number + 2**32 if -(2**31) <= number < 0 else number)
    return re.sub(r"\s+", " ", text)


def values(event):
    """The texts of an event: of elements and of attributes, but for names and namespaces."""
    out = collections.Counter()
    for element in event.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        if tag == "Evidence" or (tag == "Data" and (element.get("Name") or "").startswith("System.TimeCreated")):
            continue
        if len(element) == 0 and canonical(element.text):
            out[canonical(element.text)] += 1
        for name, text in element.attrib.items():
            if name != "Name" or tag != "Data":
                if canonical(text):
                    out[canonical(text)] += 1
    return out


def number_of(event):
    for element in event.iter():
        if element.tag.rsplit("}", 1)[-1] == "EventRecordID":
            return (element.text or "").strip()
    return None


def events(xml):
    """By record number: in a damaged file one may be there twice, so lists. Also how many could not be read as XML."""
    out, broken = collections.defaultdict(list), 0
    for found in EVENT.finditer(xml):
        text = re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "\uFFFD", found[0].decode("utf-8", "replace"))
        text = re.sub(r"&#x?0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|1[0-9]|2[0-9]|3[01]);", "\uFFFD", text) if "&#" in text else text
        try:
            event = tree.fromstring(text)
        except tree.ParseError:
            broken += 1
            continue
        out[number_of(event)].append(values(event))
    return out, broken


# (file, record): why the two differ, looked at in the bytes.
SHELL_CORE = "the event's rendering, which the log itself holds, is read whole here; evtxexport leaves out all of it"
JUDGED = {
    ("E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational.evtx", "161"): SHELL_CORE,
    ("E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational.evtx", "968"): SHELL_CORE,
    ("system.evtx", "540"): "two FILETIMEs of zero: 0 here, for no time was set; 1601-01-01 there",
}


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def distance(a, b):
    return sum(((a - b) + (b - a)).values())


class Comparison:
    def __init__(self, ascribe):
        self.ascribe = ascribe
        self.totals = collections.Counter()
        self.faults = []

    def compare(self, path, listed):
        theirs, broken = events(run("evtxexport", "-f", "xml", str(path)))
        ours, ours_broken = events(run(self.ascribe, "events", str(path), "--xml", "-q"))
        count = {name: sum(map(len, records.values())) for name, records in (("ours", ours), ("theirs", theirs))}
        self.totals.update(logs=1, ours=count["ours"], theirs=count["theirs"], theirs_no_xml=broken)
        if count["ours"] > count["theirs"]:
            self.totals["logs of which evtxexport exports less"] += 1
            if listed:
                print(f"{path.name}: {count['ours']} records here, {count['theirs']} there, and {broken} there that are no XML")
        if ours_broken:
            self.faults.append(f"{path}: {ours_broken} events of ours are no XML")
        for number, records in theirs.items():
            for values_there in records:
                candidates = ours.get(number, [])
                if values_there in candidates:
                    self.totals["equal"] += 1
                elif not candidates:
                    self.faults.append(f"{path} record {number}: is missing here")
                elif (path.name, number) in JUDGED:
                    self.totals["different, judged"] += 1
                else:
                    best = min(candidates, key=lambda each: distance(each, values_there))
                    self.faults.append(f"{path} record {number}: only here {dict(best - values_there)}, only there {dict(values_there - best)}")


def logs_below(place):
    return sorted(path for path in place.rglob("*") if path.suffix.lower() == ".evtx")


def own_samples(folder):
    """Golden samples are kept as hexadecimal digits."""
    for path in sorted((pathlib.Path(__file__).parent / "golden" / "evtx").glob("*.in.hex")):
        digits = "".join(line for line in path.read_text().splitlines() if not line.startswith("#"))
        (folder / (path.name.removesuffix(".in.hex") + ".evtx")).write_bytes(bytes.fromhex(digits))
    return logs_below(folder)


def third_party(folder):
    root = pathlib.Path(__file__).resolve().parents[2]
    evidence = pathlib.Path(os.environ.get("ASCRIBE_EVIDENCE", root.parent / "shared" / "evidence"))
    for archive in sorted(evidence.glob("*evtx*.tar.zst")) + sorted(evidence.glob("sigma-regression.tar.zst")):
        unpacked = subprocess.run(["zstd", "-dcq", str(archive)], stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-xf", "-", "-C", str(folder)], input=unpacked, check=True)
    return logs_below(folder)


def main():
    ascribe, *places = [argument for argument in sys.argv[1:] if argument != "--list"]
    if shutil.which("evtxexport") is None:
        print("skipped: evtxexport is not installed (Debian: libevtx-utils)")
        return 77
    comparison = Comparison(ascribe)
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as others:
        logs = [log for place in map(pathlib.Path, places) for log in (logs_below(place) if place.is_dir() else [place])]
        if not places:
            logs = own_samples(pathlib.Path(own)) + third_party(pathlib.Path(others))
        for path in logs:
            comparison.compare(path, "--list" in sys.argv)
    for name, count in comparison.totals.items():
        print(f"{name.replace('_', ' ')}: {count}")
    for fault in comparison.faults:
        print(fault)
    return 1 if comparison.faults or comparison.totals["logs"] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
