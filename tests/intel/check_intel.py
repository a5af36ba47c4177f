#!/usr/bin/env python3
"""Proves that the reference data is sound: schemas, a source for every date and build, builds that exist, dates in order,
and that nothing resting on memory or reasoning is more than low confidence.

check_intel.py INTEL_DIRECTORY
"""
import json
import pathlib
import re
import sys

import jsonschema

INTEL = pathlib.Path(sys.argv[1])
UNSURE = re.compile(r"reasoned|recalled|verify|general knowledge", re.I)


def load(name):
    return json.loads((INTEL / name).read_text())


def schema_faults(name, schema):
    validator = jsonschema.Draft202012Validator(load(f"schema/{schema}.schema.json"))
    for error in validator.iter_errors(load(name)):
        yield f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def vulnerability_faults(known):
    for file in sorted((INTEL / "vulnerabilities").glob("*.json")):
        name = f"vulnerabilities/{file.name}"
        yield from schema_faults(name, "vulnerability")
        cve = load(name)
        if cve["cve"] != file.stem:
            yield f"{name}: holds {cve['cve']}"
        for fixed in cve["fixed_in"]:
            if fixed["build"] not in known:
                yield f"{name}: build {fixed['build']} is not in builds.json"
        if cve["first_exploited"] and cve["first_exploited"][:4] not in cve["first_exploited_text"]:
            yield f"{name}: first_exploited is not what first_exploited_text says"
        if cve.get("known_exploited_since") and cve["known_exploited_since"] < cve["disclosed"]:
            yield f"{name}: listed as exploited before it was disclosed"


def faults():
    for name, schema in (("manifest.json", "manifest"), ("builds.json", "builds"), ("indicators.json", "indicators"), ("actors.json", "actors")):
        yield from schema_faults(name, schema)
    builds = load("builds.json")["builds"]
    known = {row["build"] for row in builds}
    as_of = load("manifest.json")["as_of"]
    for row in builds:
        if row["released"] > as_of:
            yield f"builds.json: {row['build']} was released after the data's own date"
    yield from vulnerability_faults(known)
    for row in load("indicators.json")["indicators"]:
        if UNSURE.search(row["source"]) and row["confidence"] != "low":
            yield f"indicators.json: {row['value']} rests on '{row['source']}' and is {row['confidence']}"
    for number, line in enumerate((INTEL / "stock/pages.tsv").read_text().splitlines(), 1):
        if not line.startswith("#") and not re.fullmatch(r"[^\t]+\t[0-9a-f]{64}\t[\d.]+", line):
            yield f"stock/pages.tsv:{number}: not path, SHA-256 and build"


found = list(faults())
print("\n".join(found))
print(f"{len(found)} faults")
sys.exit(bool(found))
