#!/usr/bin/python3
import cgi, subprocess, functools, re
form = cgi.FieldStorage()
run = functools.partial(subprocess.run, capture_output=True, text=True, timeout=5)
host = form.getvalue("host", "")
print("Content-Type: text/plain\n")
if re.fullmatch(r"[a-z0-9.-]{1,60}", host): print(run(["host", "-t", "mx", host]).stdout)
