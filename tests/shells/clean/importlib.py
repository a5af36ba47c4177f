#!/usr/bin/env python3
import importlib, cgi
PLUGINS = ["news", "shop"]
f = cgi.FieldStorage()
print("Content-type: text/html\n")
if f.getvalue("p") in PLUGINS:
    print(importlib.import_module("plugins." + f.getvalue("p")).render())
