"""Writes the golden samples of one parser into a corpus folder: seeds.py GOLDEN NAME CORPUS. Hexadecimal ones as bytes."""
import bz2
import gzip
import hashlib
import io
import lzma
import pathlib
import sys
import tarfile
import zipfile

# What texts without samples of their own start from.
OTHERS = {
    "ecp_data": [b"S:TIME=12;S:SID=S-1-5-21;S:CMD='Set-OabVirtualDirectory.ExternalUrl=''x;y''';S:REQID=;S:URL=https://ex/ecp/a.svc"],
    "entry_path": [
        b"uploads/auto/C%3A/inetpub/logs/LogFiles/W3SVC1/u_ex210314.log",
        b"EX1/C/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/a.LOG",
        b"outer.zip!a\\..\\..\\b",
        b"\\\\.\\COM1",
    ],
}
OTHERS["sigma_condition"] = [
    b"a and not b or 1 of sel_*", b"(all of them and not filter) or not (a or b)", b"2 of sel_* and any of them", b"not not a",
]
OTHERS["attack_bundle"] = [
    b'{"objects":[{"type":"intrusion-set","id":"i","name":"A","aliases":["B"],"external_references":[{"source_name":"mitre-attack",'
    b'"external_id":"G1"}]},{"type":"tool","id":"t","name":"T","external_references":[{"source_name":"mitre-attack","external_id":"S1"}]},'
    b'{"type":"relationship","relationship_type":"uses","source_ref":"i","target_ref":"t","external_references":[{"source_name":"P",'
    b'"url":"https://p.example/x/#y","description":"P. (2021, March 2)."}]}]}',
    b"version\t1\ngroup\tG1\tA\tB|C\nitem\tS1\tT\t\nreport\tp.example\t2021-03-02\tP\nuses\tG1\tS1\t1\n",
    b'[{"id":"a","techniques":["T1190"],"software":["S0020"],"date":"2021-03-02"},{"id":1,"techniques":[],"date":null}]',
    b'{"version":1,"values":[{"uuid":"u","value":"A","meta":{"name-attribution":["G0125:u","A:u"],"synonyms":["B"],'
    b'"cfr-suspected-state-sponsor":"C","targeted-sector":["Bank"],"cfr-target-category":"Government"}},{"value":"hafnium"}]}',
    b"name\tG0125\tA\tB\ts\t2026-08-06\tstated\nsponsor\tG0007\tC\ts\t2026-08-06\ntarget\tG0007\tmedia\ts\t2026-08-06\n",
    b'[{"id":"a","techniques":["T1190"],"sector":"media","links":["key:k","address:203.0.113.9"],"date":null}]',
]


def sigma_rules(root: pathlib.Path):
    """Our own rules, and those of the specification's cases that are whole files."""
    yield from (path.read_bytes() for path in sorted((root / "intel/rules/sigma").glob("*.yml")))
    for path in sorted((root / "tests/sigma/specification").glob("*.txt")):
        for case in path.read_text().split("\ncase ")[1:]:
            text = "\n".join(line[4:] for line in case.splitlines()[1:] if line.startswith("    "))
            head = "title: x\nlogsource: {product: windows, category: process_creation}\ndetection:\n"
            yield (text if text.startswith("title") else head + "\n".join("    " + line for line in text.splitlines())).encode()


def binary_xml(root: pathlib.Path):
    """The binary XML of every record of the EVTX samples, with what lies before it in its chunk cut off."""
    for path in sorted((root / "tests/parse/golden/evtx").glob("*.in*")):
        data = sample(path)
        at = data.find(b"\x2a\x2a\0\0")
        while at >= 0:
            size = int.from_bytes(data[at + 4:at + 8], "little")
            if 28 < size < 65536 and at + size <= len(data):
                yield data[at + 24:at + size - 4]
            at = data.find(b"\x2a\x2a\0\0", at + 4)


def one_liners(folder: pathlib.Path):
    """The inert pages, with the first byte that fuzz/shells_fuzz.cpp wants."""
    places = {"php": 0, "asp": 1, "aspx": 2, "jsp": 4, "cfm": 6, "perl": 7, "python": 8}
    for path in sorted(folder.glob("*.hex")):
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                yield bytes([places[path.stem]]) + bytes.fromhex(line.split("  # ")[0])


def containers():
    """One small archive or compressed file of each kind that the standard library writes."""
    rows = b"2021-03-14 01:40:11 10.0.0.1 GET /owa/auth/logon.aspx 200\r\n" * 20
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("C/logs/u_ex210314.log", rows)
            archive.writestr("C/\u00e9/", b"")
            archive.writestr("uploads/auto/C%3A/a.log", rows[:100])
        yield out.getvalue()
    for how in ("w", "w:gz", "w:bz2", "w:xz"):
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=how, format=form) as archive:
                for name, kind in (("logs/a.log", tarfile.REGTYPE), ("link", tarfile.SYMTYPE), ("long/" + "l" * 90, tarfile.REGTYPE)):
                    info = tarfile.TarInfo(name)
                    info.type, info.size, info.linkname = kind, len(rows) if kind == tarfile.REGTYPE else 0, "../x"
                    archive.addfile(info, io.BytesIO(rows))
            yield out.getvalue()
    yield gzip.compress(rows) + gzip.compress(rows[:60])
    yield bz2.compress(rows)
    yield lzma.compress(rows)
    yield lzma.compress(rows, lzma.FORMAT_ALONE)


def sample(path: pathlib.Path) -> bytes:
    if path.suffix != ".hex":
        return path.read_bytes()
    lines = path.read_text().splitlines()
    return bytes.fromhex("".join(line for line in lines if not line.startswith("#")))


def main(golden: str, name: str, corpus: str) -> None:
    folder = pathlib.Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    seeds = [sample(path) for path in sorted(pathlib.Path(golden, name).glob("*")) if ".in" in path.suffixes]
    if name == "sigma_rules":
        seeds += sigma_rules(pathlib.Path(golden).parents[2])
    if name == "binary_xml":
        seeds += binary_xml(pathlib.Path(golden).parents[2])
    if name == "container":
        seeds += containers()
    if name == "shells":
        seeds += one_liners(pathlib.Path(golden).parents[1] / "shells/one_liners")
    if name.startswith("front_"):
        seeds += [sample(path) for path in sorted((pathlib.Path(golden).parents[1] / "shells/steps").glob("*")) if path.suffix != ".out"]
    for seed in seeds + OTHERS.get(name, []):
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


main(*sys.argv[1:])
