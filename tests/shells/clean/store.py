#!/usr/bin/python3
import cgi, html, sqlite3
class Store:
    def __init__(self, path): self.db = sqlite3.connect(path)
    @property
    def names(self): return [r[0] for r in self.db.execute("select name from items")]
    def __call__(self, q): return [n for n in self.names if q in n]
form = cgi.FieldStorage()
print("Content-Type: text/html\n")
for n in Store("shop.db")(form.getvalue("q", "")): print("<li>", html.escape(n))
