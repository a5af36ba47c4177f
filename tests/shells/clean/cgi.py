#!/usr/bin/env python3
import cgi, html, sqlite3
f = cgi.FieldStorage()
print("Content-Type: text/html\n")
db = sqlite3.connect("/srv/data/news.db")
for t, b in db.execute("select title, body from news where id = ?", (int(f.getfirst("id", "1")),)):
    print("<h1>%s</h1>%s" % (html.escape(t), b))
