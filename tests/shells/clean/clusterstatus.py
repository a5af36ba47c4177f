#!/usr/bin/python
# -*- coding: utf-8 -*-
"""status.py  -- CGI, one page about the compute cluster (python 2)

Runs a fixed set of programs and shows what they print.  Nothing is taken
from the visitor but ?view=<word>.
"""
import cgi
import cgitb
import os
import subprocess
import sys
import time

cgitb.enable(display=0, logdir="/var/log/clusterstatus")

VIEWS = {
    'load':   ['/usr/bin/uptime'],
    'queue':  ['/usr/bin/qstat', '-u', '*'],
    'nodes':  ['/usr/bin/qhost'],
    'disk':   ['/bin/df', '-h', '/home', '/scratch'],
    'users':  ['/usr/bin/who'],
}

CACHE = '/var/cache/clusterstatus'


def output_of(view):
    """text of a view, at most 30 seconds old"""
    path = os.path.join(CACHE, view + '.txt')
    try:
        if time.time() - os.path.getmtime(path) < 30:
            return open(path).read()
    except OSError:
        pass
    p = subprocess.Popen(VIEWS[view], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, env={'LC_ALL': 'C', 'SGE_ROOT': '/opt/sge'})
    text = p.communicate()[0]
    tmp = path + '.%d' % os.getpid()
    f = open(tmp, 'w')
    f.write(text)
    f.close()
    os.rename(tmp, path)
    return text


def main():
    form = cgi.FieldStorage()
    view = form.getfirst('view', 'load')
    if view not in VIEWS:
        print 'Status: 404 Not Found'
        print 'Content-Type: text/plain'
        print
        print 'no such view'
        return
    print 'Content-Type: text/html; charset=utf-8'
    print
    print '<html><head><title>Cluster: %s</title><meta http-equiv="refresh" content="60"></head><body>' % view
    print '<p>' + ' | '.join('<a href="?view=%s">%s</a>' % (v, v) for v in sorted(VIEWS)) + '</p>'
    print '<pre>'
    sys.stdout.write(cgi.escape(output_of(view)))
    print '</pre>'
    print '<address>%s</address></body></html>' % time.strftime('%c')


if __name__ == '__main__':
    main()
