"""The records of EVTX files, value by value, as evtxexport of libevtx reads them and as Ascribe does.

    check_evtxexport.py ASCRIBE FILE|FOLDER...   [--list]

evtxexport is another reading of the format by others (https://github.com/libyal/libevtx). Each record that it exports must be there with the same
values; what is written in two ways on purpose (numbers in hexadecimal, digits of a second, letters of a GUID) is made one first. What is left differs in a
way that JUDGED lists with its reason, and the counts of those are the ones given there. Exits with 77, "skipped", where evtxexport is not installed.
"""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
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


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if shutil.which("evtxexport") is None:
        print("skipped: evtxexport is not installed (Debian: libevtx-utils)")
        return 77
    ascribe, *places = arguments
    files = []
    for place in map(pathlib.Path, places):
        files += sorted(path for path in place.rglob("*") if path.suffix.lower() == ".evtx") if place.is_dir() else [place]
    totals = collections.Counter()
    for path in files:
        theirs, broken = events(run("evtxexport", "-f", "xml", str(path)))
        ours, ours_broken = events(run(ascribe, "events", str(path), "--xml", "-q"))
        totals["files"] += 1
        totals["theirs, no XML"] += broken
        totals["ours, no XML"] += ours_broken
        totals["ours"] += sum(map(len, ours.values()))
        totals["theirs"] += sum(map(len, theirs.values()))
        for number, records in theirs.items():
            for theirs_values in records:
                candidates = ours.get(number, [])
                if theirs_values in candidates:
                    totals["equal"] += 1
                    continue
                best = min(candidates, key=lambda each: sum(((each - theirs_values) + (theirs_values - each)).values()), default=None)
                if best is None:
                    totals["missing in ours"] += 1
                    print(f"{path.name} record {number}: not in ours")
                    continue
                totals["different"] += 1
                if "--list" in sys.argv:
                    print(f"{path.name} record {number}: only ours {dict(best - theirs_values)} only theirs {dict(theirs_values - best)}")
    for name, count in totals.items():
        print(f"{name}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
