#!/usr/bin/python2.6
"""Disk quota page for the computing lab.  Apache does the login (Kerberos),
members of the 'labstaff' group may look at other people's quota."""

import cgi
import cgitb
import grp
import os
import re
import subprocess
import sys

cgitb.enable(display=0, logdir="/var/log/lab-cgi")

LOGIN = re.compile(r"^[a-z][a-z0-9]{1,7}$")


def page(title, body, status="200 OK"):
    print "Status: %s" % status
    print "Content-Type: text/html; charset=utf-8"
    print
    print "<html><head><title>%s</title></head><body><h1>%s</h1>%s</body></html>" % (title, title, body)
    sys.exit(0)


def is_staff(user):
    try:
        return user in grp.getgrnam("labstaff").gr_mem
    except KeyError:
        return False


def quota(user):
    """Return a list of (filesystem, used, limit) in kilobytes."""
    p = subprocess.Popen(["/usr/bin/quota", "-w", "-p", "-u", user],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env={"LC_ALL": "C"})
    out, err = p.communicate()
    rows = []
    for line in out.splitlines()[2:]:
        parts = line.split()
        if len(parts) >= 4:
            rows.append((parts[0], int(parts[1].rstrip("*")), int(parts[3])))
    return rows


def bar(used, limit):
    if not limit:
        return "no limit"
    pct = min(100, used * 100 // limit)
    colour = pct > 90 and "#c33" or "#3a3"
    return ('<div style="width:200px;border:1px solid #888">'
            '<div style="width:%d%%;background:%s">&nbsp;%d%%</div></div>' % (pct, colour, pct))


def main():
    me = os.environ.get("REMOTE_USER", "").split("@")[0]
    if not LOGIN.match(me):
        page("Not logged in", "<p>Please log in first.</p>", "403 Forbidden")

    form = cgi.FieldStorage()
    user = form.getfirst("user", me)
    if user != me and not is_staff(me):
        page("Sorry", "<p>You can only see your own quota.</p>", "403 Forbidden")
    if not LOGIN.match(user):
        page("Sorry", "<p>That is not a login name.</p>", "400 Bad Request")

    html = ["<table><tr><th>File system</th><th>Used (MB)</th><th>Limit (MB)</th><th></th></tr>"]
    for fs, used, limit in quota(user):
        html.append("<tr><td>%s</td><td>%d</td><td>%d</td><td>%s</td></tr>"
                    % (cgi.escape(fs), used // 1024, limit // 1024, bar(used, limit)))
    html.append("</table>")
    if is_staff(me):
        html.append('<form>Login: <input name="user" value="%s"><input type="submit" value="Show"></form>'
                    % cgi.escape(user, True))
    page("Quota of %s" % cgi.escape(user), "\n".join(html))


if __name__ == "__main__":
    main()
