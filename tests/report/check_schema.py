#!/usr/bin/env python3
"""The JSON of the demo's two stories is what docs/case.schema.json promises.

check_schema.py ASCRIBE SCHEMA
"""
import json
import subprocess
import sys

import jsonschema

ascribe, schema = sys.argv[1:]
validator = jsonschema.Draft202012Validator(json.load(open(schema)))
faults = 0
for story in ("intrusion", "clean"):
    case = json.loads(subprocess.run([ascribe, "demo", "--story", story, "--json", "--quiet"], capture_output=True, text=True, check=True).stdout)
    for error in validator.iter_errors(case):
        faults += 1
        print(f"{story}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
sys.exit(faults > 0)
