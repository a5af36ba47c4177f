#!/usr/bin/env python3
import cgi, os
f = cgi.FieldStorage()
print("Content-type: text/html\n")
def home(a): return "<h1>Home</h1>"
def show(a): return open(os.path.join("pages", os.path.basename(a) + ".html")).read()
print({"home": home, "show": show}.get(f.getvalue("k"), home)(f.getvalue("v", "index")))
