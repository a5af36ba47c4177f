#!/usr/bin/env python3
"""Fleet agent: runs on every kiosk, takes a few commands of the control server over HTTPS (behind nginx).

    POST /v1/command   {"command": "restart-browser", "args": {...}}
    Authorization: Bearer <token of /etc/kiosk/token>
"""
import hmac
import json
import logging
import pathlib
import re
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = pathlib.Path("/etc/kiosk/token").read_text().strip()
SCREENSHOT = pathlib.Path("/run/kiosk/screen.png")
COMMANDS = {}


def command(name):
    def register(func):
        COMMANDS[name] = func
        return func
    return register


def run(*argv, timeout=20):
    p = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
    return {"exit": p.returncode, "output": p.stdout.decode("utf-8", "replace")[-4000:]}


@command("restart-browser")
def restart_browser(args):
    return run("/bin/systemctl", "restart", "kiosk-browser.service")


@command("reboot")
def reboot(args):
    return run("/sbin/shutdown", "-r", "+1", "requested by control server")


@command("set-volume")
def set_volume(args):
    level = int(args["level"])
    if not 0 <= level <= 100:
        raise ValueError("level")
    return run("/usr/bin/amixer", "-q", "set", "Master", f"{level}%")


@command("set-page")
def set_page(args):
    page = args["page"]
    if not re.fullmatch(r"[a-z0-9-]{1,40}", page):
        raise ValueError("page")
    pathlib.Path("/var/lib/kiosk/start-url").write_text(f"https://signage.example/p/{page}\n")
    return restart_browser({})


@command("screenshot")
def screenshot(args):
    return run("/usr/bin/scrot", "--overwrite", str(SCREENSHOT))


@command("status")
def status(args):
    disk = shutil.disk_usage("/")
    return {"disk_free": disk.free, "load": open("/proc/loadavg").read().split()[:3]}


class Handler(BaseHTTPRequestHandler):
    server_version = "kiosk/1"

    def answer(self, code, obj):
        data = json.dumps(obj).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), b"Bearer " + TOKEN.encode()):
            return self.answer(401, {"error": "token"})
        if self.path != "/v1/command":
            return self.answer(404, {"error": "path"})
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= 4096:
            return self.answer(413, {"error": "length"})
        try:
            msg = json.loads(self.rfile.read(length))
            func = COMMANDS[msg["command"]]
            result = func(msg.get("args") or {})
        except (KeyError, TypeError, ValueError) as exc:
            return self.answer(400, {"error": repr(exc)})
        except subprocess.TimeoutExpired:
            return self.answer(504, {"error": "timeout"})
        logging.info("%s from %s", msg["command"], self.client_address[0])
        return self.answer(200, result)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    ThreadingHTTPServer(("127.0.0.1", 8460), Handler).serve_forever()
