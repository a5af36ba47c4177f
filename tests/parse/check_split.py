#!/usr/bin/env python3
"""Reads generated logs with readers of its own and compares every record with what `ascribe events` writes: check_split.py ASCRIBE

The readers here are written from the formats' descriptions and share nothing with the program: W3C rows by str.split, Exchange's
rows and exports by Python's csv module, JSON by its json module, combined lines by a regular expression. Lines are put together from cells that trip readers: empty
ones, too many or too few, letters beyond ASCII, quotes, commas, carriage returns, field lines that change midway.
"""
import csv
import datetime
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ASCRIBE = sys.argv[1]
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?Z?$")


def stamp(text):
    """The time as the program writes it, or None."""
    match = TIME.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, milli = (int(part or 0) for part in match.groups())
    try:
        return datetime.datetime(year, month, day, hour, minute, second, milli * 1000).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milli:03d}Z"
    except ValueError:
        return None


def written(path, kind):
    """What the program says: records, and how many lines it calls bad."""
    done = subprocess.run([ASCRIBE, "events", str(path), "--kind", kind, "-j", "1"], capture_output=True, text=True)
    records = []
    for line in done.stdout.splitlines():
        record = json.loads(line)
        told = {name: value for name, value in record.items() if value is not None and name not in ("data", "path", "size")}
        told.update({name: value for name, value in record["data"].items()})
        records.append(told)
    return records, int(re.search(r"(\d+) bad", done.stderr).group(1))


def compare(name, expected, bad, path, kind):
    got, got_bad = written(path, kind)
    for place, (mine, theirs) in enumerate(zip(expected, got)):
        if mine != theirs:
            sys.exit(f"{name}: record {place} differs\n  here    {mine}\n  program {theirs}")
    if len(expected) != len(got) or bad != got_bad:
        sys.exit(f"{name}: {len(expected)} records and {bad} bad here, {len(got)} and {got_bad} in the program")
    print(f"{name}: {len(got)} records and {got_bad} bad lines agree")


# --- W3C ---------------------------------------------------------------------------------------------------------------

W3C = {
    "s-ip": "server_ip", "cs-method": "method", "cs-uri-stem": "stem", "cs-uri-query": "query", "s-port": "port", "cs-username": "user",
    "c-ip": "client_ip", "cs(User-Agent)": "user_agent", "cs(Referer)": "referrer", "sc-status": "status", "sc-substatus": "substatus",
    "sc-win32-status": "win32_status", "time-taken": "time_taken_ms", "sc-bytes": "sent_bytes", "cs-bytes": "received_bytes", "cs-host": "host",
}
NUMBERS = {"port", "status", "substatus", "win32_status", "time_taken_ms", "sent_bytes", "received_bytes"}


def w3c(dice, lines):
    names, text, expected, bad = [], b"", [], 0
    layouts = [["date", "time"] + dice.sample(sorted(W3C) + ["x-own", "cs-version"], dice.randrange(4, 14)) for _ in range(4)]
    words = ["/owa/", "-", "", "GET", "a=b&c=%20", "é", "测/x", "200", "0", "+", "x" * 300, "2021-13-01"]
    for _ in range(lines):
        offset = len(text)
        if not names or dice.random() < 0.002:
            names = dice.choice(layouts)
            text += ("#Fields: " + " ".join(names)).encode() + b"\n"
            continue
        cells = [f"2021-03-{dice.randrange(1, 29):02d}", f"{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}"]
        cells += [dice.choice(words[:2] + words[3:]) if dice.random() < 0.97 else "" for _ in names[2:]]
        trouble = dice.random()
        if trouble < 0.01:
            cells.append("more")
        elif trouble < 0.02:
            cells.pop()
        elif trouble < 0.03:
            cells[1] = "25:00:00"
        line = " ".join(cells)
        text += line.encode() + dice.choice([b"\n", b"\r\n"])
        # The description: cells at single spaces; the end of a line ends no cell; where there are too many, empty ones do not count.
        cells = line[:-1].split(" ") if line.endswith(" ") else line.split(" ")
        if len(cells) > len(names):
            cells = [cell for cell in cells if cell]
        time = stamp(" ".join(cells[:2]))
        if len(cells) != len(names) or time is None:
            bad += 1
            continue
        record = {"time": time, "offset": offset}
        for name, cell in zip(names[2:], cells[2:]):
            if cell in ("", "-"):
                continue
            column = W3C.get(name, name)
            if column not in NUMBERS:
                record[column] = cell
            elif cell.isascii() and cell.isdigit():
                record[column] = int(cell)
        expected.append(record)
    return text, expected, bad


# --- Exchange ------------------------------------------------------------------------------------------------------------

PROXY = {
    "RequestId": "request_id", "Protocol": "protocol", "UrlHost": "url_host", "UrlStem": "stem", "ProtocolAction": "action",
    "AuthenticatedUser": "user", "AnchorMailbox": "anchor_mailbox", "UserAgent": "user_agent", "ClientIpAddress": "client_ip",
    "ServerHostName": "server", "HttpStatus": "status", "BackEndStatus": "backend_status", "ErrorCode": "error_code", "Method": "method",
    "TargetServer": "target_server", "RoutingHint": "routing_hint", "BackEndCookie": "backend_cookie", "UrlQuery": "query",
    "GenericInfo": "generic_info", "GenericErrors": "generic_errors",
}


def exchange(dice, lines):
    names = ["DateTime"] + list(PROXY) + ["Organization", "ProxyAction", "AuthenticationType"]
    text = ("#Software: Microsoft Exchange Server\r\n#Log-type: HttpProxy Logs\r\n#Fields: " + ",".join(names) + "\r\n").encode()
    expected, bad = [], 0
    words = ["", "", "a", "/owa/auth/x.js", "ServerInfo~a]@ex:444/ecp/?#", "é,è", 'say "hi"', "Sid~S-1-5", "200", "x" * 500, "a b", "'"]
    for _ in range(lines):
        offset = len(text)
        cells = [f"2021-03-{dice.randrange(1, 29):02d}T10:00:{dice.randrange(60):02d}.{dice.randrange(1000):03d}Z"]
        cells += [dice.choice(words) for _ in names[1:]]
        cells[names.index("ServerHostName")] = "EX01"
        if dice.random() < 0.02:
            cells = cells[:-1] if dice.random() < 0.5 else cells + ["more"]
        line = ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set('",') or dice.random() < 0.05 else cell for cell in cells)
        text += line.encode() + b"\r\n"
        cells = next(csv.reader([line]))
        if len(cells) != len(names):
            bad += 1
            continue
        record = {"time": stamp(cells[0]), "offset": offset, "log": "HttpProxy"}
        for name, cell in zip(names[1:], cells[1:]):
            if not cell:
                continue
            column = PROXY.get(name, name)
            if column not in ("status", "backend_status"):
                record[column] = cell
            elif cell.isascii() and cell.isdigit():
                record[column] = int(cell)
        expected.append(record)
    return text, expected, bad


# --- combined --------------------------------------------------------------------------------------------------------------

COMBINED = re.compile(
    r'(\S+) (\S+) (\S+) \[(\d\d)/(\w{3})/(\d{4}):(\d\d:\d\d:\d\d) ([+-])(\d\d)(\d\d)\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)'
    r'(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?$'
)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def plain(text):
    return re.sub(r'\\(x[0-9a-fA-F]{2}|["\\])', lambda m: m[1] if m[1] in '"\\' else chr(int(m[1][1:], 16)), text)


def combined(dice, lines):
    text, expected, bad = b"", [], 0
    for _ in range(lines):
        offset = len(text)
        target = dice.choice(["/", "/a.php?b=c&d=%20", "/x y", "/é", "*", "/q?"])
        request = dice.choice([f"{dice.choice(['GET', 'POST', 'PROPFIND'])} {target} HTTP/1.1", "-", r"\x16\x03", f"GET {target}"])
        line = f"192.0.2.{dice.randrange(9)} - {dice.choice(['-', 'alice'])} [{dice.randrange(1, 29):02d}/{dice.choice(MONTHS)}/2021:10:20:30 "
        line += f'{dice.choice(["+0000", "+0200", "-0330"])}] "{request}" {dice.choice(["200", "404", "-"])} {dice.choice(["12", "-"])}'
        if dice.random() < 0.9:
            agent = dice.choice(["-", "Mozilla/5.0 (X11)", r"say \"hi\" \\", r"tab\x41", "é"])
            line += f' "{dice.choice(["-", "https://example.org/"])}" "{agent}"'
        if dice.random() < 0.02:
            line = line[: dice.randrange(20, len(line))]
        text += line.encode() + b"\n"
        match = COMBINED.match(line.rstrip(" "))
        if not match:
            bad += 1
            continue
        client, _, user, day, month, year, clock, sign, hours, minutes, request, status, size, referrer, agent = match.groups()
        time = datetime.datetime.strptime(f"{year}-{MONTHS.index(month) + 1:02d}-{day} {clock}", "%Y-%m-%d %H:%M:%S")
        zone = datetime.timedelta(hours=int(hours), minutes=int(minutes))
        time = time - zone if sign == "+" else time + zone
        record = {"time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "offset": offset, "client_ip": client}
        record["log"] = "common" if agent is None else "combined"
        asked = re.match(r"([A-Z]+) (.*?)(?: HTTP/\S*)?$", plain(request))
        stem = asked[2] if asked else plain(request)
        if asked:
            record["method"] = asked[1]
            stem, _, query = stem.partition("?")
            record["query"] = query
        values = {"user": user, "status": status, "sent_bytes": size, "stem": stem, "referrer": plain(referrer or ""), "user_agent": plain(agent or "")}
        record.update(values)
        record = {name: value for name, value in record.items() if value not in ("", "-")}
        for name in ("status", "sent_bytes"):
            if name in record:
                record[name] = int(record[name])
        expected.append(record)
    return text, expected, bad


ENVOY = re.compile(
    r'\[(\S+)Z\] "(\S+) (\S+) HTTP/\S+" (\d+) (\S+)(?: (\S+) \S+ "[^"]*")? (\d+) (\d+) (\d+) \S+ "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)"'
    r'(?: \S+ \S+ \S+ (\S+):\d+ \S+ \S+)? ?$')


def envoy(dice, lines):
    """Envoy's default lines and Istio's longer ones."""
    text, expected, bad = b"", [], 0
    for _ in range(lines):
        offset = len(text)
        istio = dice.random() < 0.5
        line = f'[2021-03-02T10:{dice.randrange(60):02d}:{dice.randrange(60):02d}.{dice.randrange(1000):03d}Z] '
        line += f'"{dice.choice(["GET", "POST"])} {dice.choice(["/", "/a.php?x=1", "/é?", "/a?b?c"])} HTTP/1.1" {dice.choice([200, 404, 503, 0])} '
        line += dice.choice(["-", "UF,URX"]) + (f' {dice.choice(["-", "via_upstream"])} - "-"' if istio else "")
        line += f' {dice.randrange(1 << 33)} 0 {dice.randrange(9999)} - "{dice.choice(["-", "203.0.113.5", "203.0.113.5,10.0.0.9"])}" "{dice.choice(["-", "curl/7 (a) b"])}"'
        line += f' "{dice.choice(["-", "cc21d9b0"])}" "www.example.org" "10.0.2.1:80"' + (" outbound|80 10.0.0.1:1 10.0.0.2:80 203.0.113.7:46520 - default" if istio else "")
        if dice.random() < 0.03:
            line = line[: dice.randrange(10, len(line))]
        text += line.encode() + b"\n"
        match = ENVOY.match(line)
        if not match:
            bad += 1
            continue
        time, method, target, status, flags, details, received, sent, taken, forwarded, agent, request_id, host, server, peer = match.groups()
        client = peer or forwarded.split(",")[-1]
        stem, _, query = target.partition("?")
        record = {"time": stamp(time), "offset": offset, "method": method, "stem": stem, "query": query, "status": int(status) or "-", "flags": flags, "details": details or "",
                  "received_bytes": int(received), "sent_bytes": int(sent), "time_taken_ms": int(taken), "client_ip": client,
                  "forwarded_for": forwarded if forwarded != client else "-", "user_agent": agent, "request_id": request_id, "host": host, "server_ip": server.split(":")[0],
                  "log": "combined"}
        expected.append({name: value for name, value in record.items() if value not in ("", "-")})
    return text, expected, bad


ZEEK = {"id.orig_h": "client_ip", "id.resp_h": "server_ip", "id.resp_p": "port", "method": "method", "host": "host", "uri": "stem", "referrer": "referrer",
        "user_agent": "user_agent", "request_body_len": "received_bytes", "response_body_len": "sent_bytes", "status_code": "status", "username": "user", "tags": "tags"}


def zeek(dice, lines):
    """Zeek's http.log as text: tabs between cells, no quotes."""
    names = list(ZEEK)
    dice.shuffle(names)
    text = ("#separator \\x09\n#unset_field\t-\n#path\thttp\n#fields\t" + "\t".join(["ts"] + names) + "\n#types\t" + "\t".join(["string"] * (len(names) + 1)) + "\n").encode()
    expected, bad = [], 0
    for _ in range(lines):
        offset, second = len(text), dice.randrange(1614600000, 1614700000)
        cells = {name: dice.choice(["-", "a b", 'a "b', '"', "é", "x,y;z"]) for name in names} | {"id.orig_h": "203.0.113.5", "uri": dice.choice(["/", "/a.php"])}
        cells |= {name: str(dice.randrange(100, 600)) for name in ("id.resp_p", "request_body_len", "response_body_len", "status_code")} | {"tags": "(empty)", "id.resp_h": "10.0.0.1"}
        row = [f"{second}.500000"] + [cells[name] for name in names]
        if dice.random() < 0.02:
            row = row[:-1] if dice.random() < 0.5 else row + ["more"]
        text += ("\t".join(row) + "\n").encode()
        if len(row) != len(names) + 1:
            bad += 1
            continue
        record = {"time": datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.500Z"), "offset": offset, "log": "csv"}
        for name in names:
            if cells[name] not in ("-", "(empty)"):
                record[ZEEK[name]] = int(cells[name]) if ZEEK[name] in NUMBERS else cells[name]
        expected.append(record)
    return text, expected, bad


# --- exports -----------------------------------------------------------------------------------------------------------------

EXPORT = {
    "cs-method": "method", "cs-uri-stem": "stem", "cs-uri-query": "query", "cs-username": "user", "c-ip": "client_ip", "sc-status": "status",
    "cs(User-Agent)": "user_agent", "cs(Referer)": "referrer", "sc-substatus": "substatus", "time-taken": "time_taken_ms", "x-own": "x-own",
}
EXPORTED = {
    "cs-method": ["GET", "POST"], "cs-uri-stem": ["/owa/", "/a,b.aspx", '/say "hi".aspx', "/é;x"], "cs-uri-query": ["", "-", "a=b,c", 'x="y"'],
    "cs-username": ["", "-", "CORP\\alice"], "c-ip": ["203.0.113.5", "2001:db8::1"], "sc-status": ["200", "404"], "sc-substatus": ["0", "5"],
    "cs(User-Agent)": ["Mozilla/5.0+(X11;+Linux)", "", "x" * 500], "cs(Referer)": ["https://example.org/?a=1,2", "-"], "time-taken": ["0", "300011"],
    "x-own": ["", "'", "a b", '"'],
}


def exported(dice, lines):
    """IIS's columns as CSV, as Log Parser and PowerShell write them: separators, quotes and the order of columns differ."""
    separator, end = dice.choice(",;\t"), dice.choice(["\n", "\r\n"])
    quoting = dice.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    names = list(EXPORT)
    dice.shuffle(names)
    names = ["date", "time"] + names

    def written_row(cells):
        out = io.StringIO()
        csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="").writerow(cells)
        return out.getvalue()

    text, expected, bad = (written_row(names) + end).encode(), [], 0
    for _ in range(lines):
        offset = len(text)
        cells = [f"2021-03-{dice.randrange(1, 29):02d}", f"{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}"]
        cells += [dice.choice(EXPORTED[name]) for name in names[2:]]
        if dice.random() < 0.02:
            cells = cells[:-1] if dice.random() < 0.5 else cells + ["more"]
        line = written_row(cells)
        text += (line + end).encode()
        cells = next(csv.reader([line], delimiter=separator))
        if len(cells) != len(names):
            bad += 1
            continue
        record = {"time": stamp(" ".join(cells[:2])), "offset": offset, "log": "IIS export"}
        for name, cell in zip(names[2:], cells[2:]):
            if cell not in ("", "-"):
                record[EXPORT[name]] = int(cell) if EXPORT[name] in NUMBERS else cell
        expected.append(record)
    return text, expected, bad


NAMED = {"remote_addr": "client_ip", "request_method": "method", "status": "status", "body_bytes_sent": "sent_bytes", "http_user_agent": "user_agent",
         "http_referer": "referrer", "own": "own"}


def printed(dice, lines):
    """Objects printed for people to read, one behind the other or in an array."""
    indent, array, expected, text = dice.choice([1, 2, 4]), dice.random() < 0.5, [], ""
    for number in range(lines // 5):
        told = {"remote_addr": "203.0.113.5", "request_method": dice.choice(["GET", "POST"]), "status": dice.choice([200, 404, 500]),
                "body_bytes_sent": dice.randrange(1 << 33), "http_user_agent": dice.choice(['say "hi" {', "}\n{", "é\\", "測"]),
                "http_referer": dice.choice(["", "-", "https://example.org/[1]"]), "own": dice.choice(["]", "a,b", "}"])}
        for name in ("http_referer", "own", "body_bytes_sent"):
            if dice.random() < 0.3:
                del told[name]
        second = dice.randrange(60)
        told = {"@timestamp": f"2021-03-02T10:00:{second:02d}Z", "request_uri": "/page.php?x={}[1"} | told
        lead = ("[" if number == 0 else ",") if array else ""
        text += lead + "\n"
        offset = len(text.encode())
        object_text = json.dumps(told, indent=indent, ensure_ascii=dice.random() < 0.5)
        text += object_text
        told = json.loads(object_text)
        record = {"time": f"2021-03-02T10:00:{second:02d}.000Z", "offset": offset, "log": "json", "stem": "/page.php", "query": "x={}[1"}
        record.update({NAMED[name]: told[name] for name in NAMED if told.get(name) not in (None, "", "-")})
        expected.append(record)
    return (text + ("\n]\n" if array else "\n")).encode(), expected, 0


with tempfile.TemporaryDirectory() as folder:
    for seed in range(4):
        for make in (w3c, exchange, combined, envoy, zeek, exported, printed):
            kind = "exchange_request" if make is exchange else "http_request"
            data, expected, bad = make(random.Random(f"{make.__name__} {seed}"), 5000)
            path = pathlib.Path(folder) / f"{make.__name__}{seed}.log"
            path.write_bytes(data)
            compare(f"{make.__name__} {seed}", expected, bad, path, kind)
