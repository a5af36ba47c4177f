#!/usr/bin/env python3
import cgi, cgitb, json, os, tempfile, subprocess
cgitb.enable(display=0, logdir="/var/log/cgi")
form = cgi.FieldStorage()
up = form["photo"]
if up.filename and os.path.splitext(up.filename)[1].lower() in (".jpg", ".png"):
    fd, tmp = tempfile.mkstemp(suffix=".img"); os.write(fd, up.file.read()); os.close(fd)
    out = "/var/www/thumbs/%s.jpg" % os.path.basename(tmp)
    subprocess.run(["convert", tmp, "-resize", "200x200", out], check=True); os.unlink(tmp)
    print("Content-Type: application/json\n"); print(json.dumps({"thumb": os.path.basename(out)}))
else:
    print("Status: 415 Unsupported\n")
