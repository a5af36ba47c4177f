#!/usr/bin/env python3
"""ascribe watch under load: a log grows at a given rate, is rotated by renaming and by copying and truncating, pages appear in
a web folder, and the watch is killed with SIGKILL at random moments and started again. At the end every planted finding must
be in the file exactly once, and must have reached the syslog and the web-hook receiver at least once under the same id.

load.py ASCRIBE [--kills 50] [--rate 50000] [--seed 1] [--folder DIR] [--json OUT]

Both receivers listen on the loopback interface only. The web hook refuses one post in ten, to see that it is asked again.
Before the kills the watch runs undisturbed for some seconds: the time from the end of the write of a planted line to its
arrival is measured there. The log is synthetic; its attackers are documentation addresses.
"""
import argparse
import collections
import http.server
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

HEAD = (b"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: %s\r\n"
        b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
        b"sc-status sc-substatus sc-win32-status time-taken\r\n")
AGENT = b"Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/88.0+Safari/537.36"
PAGES = [b"/owa/", b"/owa/auth/logon.aspx", b"/mapi/emsmdb/", b"/EWS/Exchange.asmx", b"/autodiscover/autodiscover.xml",
         b"/Microsoft-Server-ActiveSync/default.eas", b"/ecp/", b"/rpc/rpcproxy.dll"]
SLICE = 0.05  # seconds between writes
ROTATE = 20 << 20  # bytes after which the log is rotated
KEPT = 12  # rotated logs kept: more than the watch can be behind


def now_text():
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()).encode()


class Writer(threading.Thread):
    """Appends to logs/u_ex.log; plants requests to pages that no server ships, and pages of such names."""

    def __init__(self, folder, rate, rng):
        super().__init__(daemon=True)
        self.folder, self.rate, self.rng = folder, rate, rng
        self.logs = folder / "logs"
        self.web = folder / "C/inetpub/wwwroot/aspnet_client"
        self.logs.mkdir(parents=True)
        self.web.mkdir(parents=True)
        self.log = self.logs / "u_ex.log"
        self.planted = {}  # page -> time at which its line was written
        self.files = set()
        self.lines = self.rotations = self.truncations = 0
        self.number = 0
        self.stop = threading.Event()
        lines = max(1, int(rate * SLICE))
        self.block = b"".join(
            b"@@@@-@@-@@ @@:@@:@@ 10.0.0.5 %s %s - 443 CORP\\user%03d 10.1.%d.%d %s - 200 0 0 %d\r\n" %
            (rng.choice([b"GET", b"POST"]), rng.choice(PAGES), rng.randrange(900), rng.randrange(250),
             rng.randrange(1, 250), AGENT, rng.randrange(900)) for _ in range(lines))
        self.block_lines = lines
        self.open()

    def open(self):
        self.out = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.write(HEAD % now_text())

    def write(self, data):
        while data:
            data = data[os.write(self.out, data):]

    def rotate(self):
        for number in range(KEPT, 0, -1):
            older = self.logs / f"u_ex.log.{number}"
            if older.exists():
                older.unlink() if number == KEPT else older.rename(self.logs / f"u_ex.log.{number + 1}")
        self.rotations += 1
        if self.rotations % 2:
            self.log.rename(self.logs / "u_ex.log.1")
            os.close(self.out)
            self.open()
        else:  # copytruncate, without the race between copy and truncation that loses lines whoever reads
            shutil.copyfile(self.log, self.logs / "u_ex.log.1")
            os.ftruncate(self.out, 0)
            self.truncations += 1
            self.write(HEAD % now_text())

    def plant(self):
        self.number += 1
        page = f"/aspnet_client/kx{self.number:05d}demo.aspx"
        line = b"%s 10.0.0.5 POST %s - 443 - 203.0.113.%d %s - 200 0 0 31\r\n" % (
            now_text(), page.encode(), self.number % 250 + 1, AGENT)
        return page, line

    def run(self):
        due = time.monotonic()
        while not self.stop.is_set():
            stamped = self.block.replace(b"@@@@-@@-@@ @@:@@:@@", now_text())
            cut = stamped.index(b"\n", self.rng.randrange(len(stamped) - 1)) + 1
            new = []
            if self.rng.random() < 0.25:
                page, line = self.plant()
                new.append(page)
                stamped = stamped[:cut] + line + stamped[cut:]
            if self.rng.random() < 0.3:  # a line that comes in two pieces
                self.write(stamped[:cut - 7])
                time.sleep(0.005)
                self.write(stamped[cut - 7:])
            else:
                self.write(stamped)
            for page in new:
                self.planted[page] = time.time()
            self.lines += self.block_lines + len(new)
            if self.rng.random() < 0.01:
                self.number += 1
                name = f"kx{self.number:05d}page.aspx"
                (self.web / name).write_text("an inert page of the test\n")
                self.files.add(name)
            if os.fstat(self.out).st_size > ROTATE:
                self.rotate()
            due += SLICE
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)

    def finish(self):
        self.stop.set()
        self.join()
        os.close(self.out)


class Receivers:
    def __init__(self, rng):
        self.hooked, self.logged = collections.defaultdict(list), collections.defaultdict(list)
        self.refused = 0
        outer = self

        class Hook(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refuse = rng.random() < 0.1
                if refuse:
                    outer.refused += 1
                else:
                    message = json.loads(body)
                    assert self.headers["Idempotency-Key"].startswith(message["id"])
                    outer.hooked[message["id"]].append((time.time(), message))
                self.send_response(503 if refuse else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # a killed client
                pass

        self.web = Server(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.web.serve_forever, daemon=True).start()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.udp.bind(("127.0.0.1", 0))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            text = self.udp.recv(1 << 16).decode()
            head, _, body = text.partition(" - {")
            message = json.loads("{" + body)
            assert head.startswith("<8") and head.split()[5] == message["id"], head
            self.logged[message["id"]].append((time.time(), message))


class Watch:
    def __init__(self, ascribe, folder, receivers):
        self.words = [ascribe, "watch", str(folder / "logs"), str(folder / "C"), "--existing", "--quiet",
                      "--state", str(folder / "watch.state"), "--file", str(folder / "findings.jsonl"),
                      "--syslog", f"127.0.0.1:{receivers.udp.getsockname()[1]}",
                      "--webhook", f"http://127.0.0.1:{receivers.web.server_address[1]}/hook"]
        # The web folder is given by its parent, so that its path says where it was: C:\inetpub\...
        self.words[3] = str(folder)
        self.words = [w for i, w in enumerate(self.words) if i != 2]
        self.errors = open(folder / "watch.err", "ab")

    def start(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=self.errors)

    def kill(self):
        assert self.process.poll() is None, "the watch ended by itself"
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self):
        """Anonymous memory of the watch and its workers, MiB."""
        total = 0
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for number in [self.process.pid, *children]:
            try:
                for line in pathlib.Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss_Anon:"):
                        total += int(line.split()[1])
            except OSError:
                pass
        return total / 1024

    def kill_child(self, rng):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children:
            os.kill(int(rng.choice(children)), signal.SIGKILL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def told(path):
    """What the file holds: (page or file name, id, level) of each line, which must be whole."""
    for line in path.read_bytes().splitlines(keepends=True):
        assert line.endswith(b"\n"), "an unfinished line"
        yield json.loads(line)


def figures(seconds):
    return {"median": round(seconds[len(seconds) // 2], 3), "most": round(seconds[-1], 3)} if seconds else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ascribe")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=int, default=50_000)
    parser.add_argument("--calm", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder")
    parser.add_argument("--json")
    given = parser.parse_args()
    folder = pathlib.Path(given.folder or tempfile.mkdtemp(prefix="ascribe-watch-"))
    (folder / "sinks").mkdir(parents=True, exist_ok=True)
    rng = random.Random(given.seed)
    watched = folder / "watched"
    watched.mkdir()
    receivers = Receivers(random.Random(given.seed + 1))
    writer = Writer(watched, given.rate, random.Random(given.seed + 2))
    watch = Watch(given.ascribe, watched, receivers)
    for i, word in enumerate(watch.words):  # the outlets' files lie outside of what is watched
        if word.startswith(str(watched)) and word != str(watched):
            watch.words[i] = str(folder / "sinks" / pathlib.Path(word).name)
    began = time.monotonic()
    watch.start()
    writer.start()
    time.sleep(given.calm)
    calm_from, calm_until = time.time() - given.calm + 1, time.time() - 2
    memory, children = [watch.memory()], 0
    for _ in range(given.kills):
        time.sleep(rng.uniform(0.05, 1.5))
        if rng.random() < 0.3:  # a worker or an outlet alone
            watch.kill_child(rng)
            children += 1
            time.sleep(rng.uniform(0.05, 1))
        watch.kill()
        if rng.random() < 0.3:
            time.sleep(rng.uniform(0, 1.5))  # rotated while nobody watches
        watch.start()
    time.sleep(1)
    memory.append(watch.memory())
    writer.finish()
    seconds = time.monotonic() - began
    sink = folder / "sinks" / "findings.jsonl"

    def complete():
        pages = {m.get("page", "") for m in told(sink)} if sink.exists() else set()
        names = {page.rsplit("\\", 1)[-1] for page in pages}
        ids = {m["id"] for m in told(sink)} if sink.exists() else set()
        return (writer.planted.keys() <= pages and writer.files <= names and ids <= receivers.hooked.keys()
                and ids <= receivers.logged.keys())

    until = time.monotonic() + 60
    while time.monotonic() < until and not complete():
        time.sleep(0.5)
    watch.stop()

    lines = list(told(sink))
    by_key = collections.Counter((m["id"], m["level"]) for m in lines)
    used = collections.Counter(m["page"] for m in lines if m["detector"] == "web.unknown_page")
    files = collections.Counter(m["page"].rsplit("\\", 1)[-1] for m in lines if m["detector"] == "files.unknown_page")
    ids = {m["id"] for m in lines}

    def latencies(received):
        # The first second is left out: the watch is starting.
        return sorted(times[0][0] - writer.planted[page] for times in received.values()
                      if (page := times[0][1].get("page")) in writer.planted
                      and calm_from < writer.planted[page] < calm_until)

    by_syslog, by_hook = latencies(receivers.logged), latencies(receivers.hooked)
    result = {
        "lines": writer.lines, "seconds": round(seconds, 1), "lines_per_second": round(writer.lines / seconds),
        "kills": given.kills, "kills_of_children": children, "rotations": writer.rotations, "of_them_copytruncate": writer.truncations,
        "planted_requests": len(writer.planted), "planted_pages": len(writer.files), "lines_in_file": len(lines),
        "missing_in_file": sorted((writer.planted.keys() - used.keys()) | (writer.files - files.keys())),
        "twice_in_file": sorted(str(k) for k, n in (by_key + used + files).items() if n > 1),
        "never_by_syslog": sorted(ids - receivers.logged.keys()),
        "never_by_webhook": sorted(ids - receivers.hooked.keys()),
        "webhook_posts": sum(map(len, receivers.hooked.values())), "webhook_refused": receivers.refused,
        "syslog_messages": sum(map(len, receivers.logged.values())),
        "memory_mib": [round(m) for m in memory],
        "calm_findings": len(by_hook),
        "seconds_to_syslog": figures(by_syslog), "seconds_to_webhook": figures(by_hook),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if given.json:
        pathlib.Path(given.json).write_text(text + "\n")
    bad = result["missing_in_file"] or result["twice_in_file"] or result["never_by_syslog"] or result["never_by_webhook"]
    bad = bad or not by_hook or by_syslog[-1] > 2 or by_hook[-1] > 2
    if not given.folder and not bad:
        shutil.rmtree(folder)
    elif bad:
        print(f"kept for a look: {folder}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
