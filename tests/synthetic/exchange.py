#!/usr/bin/env python3
"""SYNTHETIC Exchange servers: HttpProxy, ECP and IIS logs of front and back end that tell the same requests, with the truth beside them.

exchange.py FOLDER --story clean|proxylogon|proxyshell|proxynotshell|owassrf --seed N [--days 8] [--behind-proxy]

Writes FOLDER/<story>-<seed>/EX01/C/... as a triage collection lays it out, and FOLDER/<story>-<seed>/truth.json:
    {"story", "seed", "lines": [{"file", "offset", "label", "stage"}], "shell": page, "iis_minutes": how far IIS's times are off}
Stage is "echo" where the back end tells the same request once more, else "attack". What an intruder's code would be is left out: the lines are what a defender reads
afterwards (published indicators, docs/formats/exchange.md). Addresses are of the documentation and private ranges, names end in .example. Every
seventh seed has an IIS whose times are local ones labelled as UTC. The same arguments give the same bytes.
"""
import argparse
import datetime
import json
import pathlib
import random

V15 = "EX01/C/Program Files/Microsoft/Exchange Server/V15/Logging"
IIS = "EX01/C/inetpub/logs/LogFiles"
PROXY_FIELDS = ("DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,Protocol,UrlHost,UrlStem,AuthenticationType,IsAuthenticated,AuthenticatedUser,"
                "AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,TargetServer,RoutingHint,BackEndCookie,UrlQuery,GenericInfo,GenericErrors")
IIS_FIELDS = ("date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken")
BEGIN = {"clean": "2021-06-01", "proxylogon": "2021-02-27", "proxyshell": "2021-08-12", "proxynotshell": "2022-09-20", "owassrf": "2022-12-01"}
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/90.0.4430.93 Safari/537.36"
SCRIPT = "python-requests/2.25.1"


class Log:
    """Lines of one file, ordered by time when written, so that offsets are known only then."""

    def __init__(self, head):
        self.head, self.lines = head, []

    def add(self, time, text, label=None, stage=None):
        self.lines.append((time, len(self.lines), text + "\r\n", label, stage))

    def write(self, path, name, truth):
        path.parent.mkdir(parents=True, exist_ok=True)
        offset = len(self.head.encode())
        with open(path, "w", newline="") as out:
            out.write(self.head)
            for _, _, text, label, stage in sorted(self.lines):
                if label:
                    truth.append({"file": name, "offset": offset, "label": label, "stage": stage})
                out.write(text)
                offset += len(text.encode())


class Server:
    def __init__(self, story, seed, days, behind_proxy):
        self.random, self.story, self.days = random.Random(f"{story}-{seed}"), story, days
        self.begin = datetime.datetime.fromisoformat(BEGIN[story])
        self.minutes = self.random.choice((-300, 60, 120, 330)) if seed % 7 == 0 else 0
        self.behind_proxy, self.logs, self.shell = behind_proxy, {}, ""
        r = self.random
        self.users = [(f"CORP\\user{i}", f"198.51.100.{r.randrange(1, 255)}" if r.random() < 0.5 else f"10.1.{r.randrange(9)}.{r.randrange(1, 255)}") for i in range(40)]

    def guid(self):
        h = f"{self.random.getrandbits(128):032x}"
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

    def log(self, name, head):
        return self.logs.setdefault(name, Log(head))

    def proxy_log(self, time, protocol):
        head = f"{PROXY_FIELDS}\r\n#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: HttpProxy Logs\r\n#Date: {time:%Y-%m-%dT%H:00:00.000Z}\r\n#Fields: {PROXY_FIELDS}\r\n"
        return self.log(f"{V15}/HttpProxy/{protocol}/HttpProxy_{time:%Y%m%d}00-1.LOG", head)

    def iis_log(self, time, site):
        fields = IIS_FIELDS + (" X-Forwarded-For" if self.behind_proxy else "")
        head = f"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: {time:%Y-%m-%d} 00:00:00\r\n#Fields: {fields}\r\n"
        return self.log(f"{IIS}/{site}/u_ex{time:%y%m%d}.log", head)

    def iis_line(self, time, site, port, method, stem, query, user, client, agent, status, label, stage):
        shown = time + datetime.timedelta(minutes=self.minutes)
        forwarded = f" {client}" if self.behind_proxy else ""
        client = "10.0.0.2" if self.behind_proxy and site == "W3SVC1" else client
        self.iis_log(shown, site).add(shown, f"{shown:%Y-%m-%d %H:%M:%S} 10.0.0.10 {method} {stem} {query or '-'} {port} {user or '-'} {client} {agent.replace(' ', '+') or '-'} - "
                                             f"{status} 0 0 {self.random.randrange(3, 900)}{forwarded}", label, stage)

    def request(self, time, protocol, method, stem, query="", user="", client="", agent=BROWSER, status=200, anchor="", hint="", back=True, label=None, stage="attack", proxied=True):
        """One request: a line in HttpProxy, one in the front end's IIS log, and one in the back end's where it was sent on."""
        request, r = self.guid(), self.random
        tail = f"&CorrelationID=<empty>;&cafeReqId={request};"
        if proxied:
            self.proxy_log(time, protocol).add(time, f"{time:%Y-%m-%dT%H:%M:%S}.{r.randrange(1000):03}Z,{request},15,1,2106,2,{protocol},mail.corp.example,{stem},FBA,{bool(user)},{user},{anchor},"
                                                     f"{agent},{client},EX01,{status},{status if back else ''},,{method},{'ex01.corp.example' if back else ''},{hint},,{query},,", label, stage)
        self.iis_line(time, "W3SVC1", 443, method, stem, query + tail, user, client, agent, status, label, stage)
        if back and proxied:
            self.iis_line(time, "W3SVC2", 444, method, stem, tail, user, "10.0.0.10", agent, status, label, "echo")
        return request

    def ordinary(self):
        r = self.random
        kinds = [("Mapi", "POST", "/mapi/emsmdb/", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)"), ("Ews", "POST", "/EWS/Exchange.asmx", "MacOutlook/16.46"),
                 ("Owa", "POST", "/owa/service.svc", BROWSER), ("Eas", "POST", "/Microsoft-Server-ActiveSync/default.eas", "Apple-iPhone12C1/1804.40"),
                 ("Autodiscover", "POST", "/autodiscover/autodiscover.xml", "Microsoft Office/16.0"), ("Autodiscover", "GET", "/autodiscover/autodiscover.json", "Outlook-iOS-Android/1.0"),
                 ("Ecp", "GET", "/ecp/default.aspx", BROWSER), ("Ecp", "POST", "/ecp/DDI/DDIService.svc/GetList", BROWSER), ("Owa", "GET", "/owa/auth/logon.aspx", BROWSER)]
        for day in range(self.days):
            for _ in range(400):
                user, client = r.choice(self.users)
                protocol, method, stem, agent = r.choice(kinds[:5] * 4 + kinds)
                query = f"Email={user[5:]}%40corp.example&Protocol=ActiveSync&RedirectCount=1" if stem.endswith(".json") else ""
                user = "" if stem.endswith((".json", "logon.aspx")) else user
                self.request(self.begin + datetime.timedelta(days=day, seconds=r.randrange(86_400)), protocol, method, stem, query, user, client, agent, r.choice((200,) * 15 + (401, 500)),
                             anchor=f"Smtp~{user[5:]}@corp.example" if user else "")
            for hour in range(24):
                for protocol, stem in (("Owa", "/owa/"), ("Ecp", "/ecp/"), ("Ews", "/ews/exchange.asmx"), ("Autodiscover", "/autodiscover/autodiscover.xml"), ("PowerShell", "/powershell")):
                    self.request(self.begin + datetime.timedelta(days=day, hours=hour, minutes=20), protocol, "GET", stem, "", "HealthMailbox0@corp.example", "127.0.0.1", "AMProbe/Local/ClientAccess")
            for _ in range(10):  # bots
                self.request(self.begin + datetime.timedelta(days=day, seconds=r.randrange(86_400)), "Owa", "GET", r.choice(("/.env", "/wp-login.php", "/remote/login", "/owa/auth/x.js", "/robots.txt")), "", "",
                             f"100.70.{r.randrange(256)}.{r.randrange(1, 255)}", "Mozilla/5.0 zgrab/0.x", 404, back=False, proxied=False)

    def ecp(self, time, command, label=None):
        head = f"#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: ECP Server Log\r\n#Date: {time:%Y-%m-%dT00:00:00.000Z}\r\n#Fields: TimeStamp,ServerName,EventId,EventData\r\n"
        self.log(f"{V15}/ECP/Server/ECPServer{time:%Y%m%d}-1.LOG", head).add(time, f"{time:%Y-%m-%dT%H:%M:%S}.000Z,EX01,Request,S:CMD={command};S:SID=S-1-5-21-1-2-3-500;S:URL=/ecp/DDI/DDIService.svc/SetObject;S:BLD=15.1.2106.2", label, "attack")

    def use_shell(self, time, client):
        """What came after: a page of a name nobody knows, an archive fetched, and others who look for the page when it is gone."""
        r = self.random
        self.shell = f"/owa/auth/{r.choice(('', 'Current/'))}{''.join(r.choices('abcdefghijklmnop', k=r.randrange(4, 9)))}.aspx"
        for _ in range(r.randrange(2, 25)):
            time += datetime.timedelta(seconds=r.randrange(3, 4000))
            self.request(time, "Owa", "POST", self.shell, "", "", client, BROWSER, 200, back=False, label="shell", proxied=False)
        if r.random() < 0.5:
            self.request(time, "Owa", "GET", f"/owa/auth/{r.choice(('a', 'logs', 'mail'))}.zip", "", "", client, BROWSER, 200, back=False, label="archive", proxied=False)
        self.request(time + datetime.timedelta(hours=20), "Owa", "GET", self.shell, "", "", "100.70.9.9", SCRIPT, 404, back=False, proxied=False)

    def attack(self):
        r = self.random
        client, domain = r.choice(("203.0.113.77", "203.0.113.5", "203.0.113.140")), r.choice(("a.example", "test.example", "evil.example"))
        time = self.begin + datetime.timedelta(days=r.randrange(2, self.days - 3), seconds=r.randrange(80_000))
        step = lambda: datetime.timedelta(seconds=r.randrange(1, 40))
        if self.story == "proxylogon":
            page = r.choice(("/ecp/y.js", "/ecp/main.css", "/ecp/default.flt", "/ecp/x.png"))
            base = "ServerInfo~a]@ex01.corp.example:444"
            for target, status in (("/autodiscover/autodiscover.xml?#", 200), ("/mapi/emsmdb/?#", 200), ("/ecp/proxyLogon.ecp?#", 241), ("/ecp/DDI/DDIService.svc/GetObject?schema=OABVirtualDirectory#", 200),
                                   ("/ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory#", 200), ("/ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory#", 200)):
                time += step()
                self.request(time, "Ecp", "POST", page, "", "", client, SCRIPT, status, anchor=base + target, hint="X-BEResource-Cookie", label="proxylogon")
            self.ecp(time, "Set-OabVirtualDirectory.ExternalUrl='http://f/<" + "script language=JScript runat=server>removed</" + "script>'", "proxylogon")
        elif self.story == "proxyshell":
            mail = f"a@{domain}"
            for query, method, status in ((f"@{domain}/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@{domain}", "GET", 200), (f"{mail}/autodiscover/autodiscover.xml?&Email=autodiscover/autodiscover.json%3F{mail}", "POST", 200),
                                          (f"{mail}/mapi/emsmdb/?&Email=autodiscover/autodiscover.json%3F{mail}", "POST", 200), (f"{mail}/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&Email=autodiscover/autodiscover.json%3F{mail}", "POST", 200),
                                          (f"{mail}/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&Email=autodiscover/autodiscover.json%3F{mail}", "POST", 200), (f"{mail}/EWS/exchange.asmx?&Email=autodiscover/autodiscover.json%3F{mail}", "POST", 200)):
                time += step()
                self.request(time, "Autodiscover", method, "/autodiscover/autodiscover.json", query, "NT+AUTHORITY\\SYSTEM" if "Rps" in query else "", client, SCRIPT, status, label="proxyshell")
        elif self.story == "proxynotshell":
            for user, method in (("", "GET"), ("CORP\\user3", "POST"), ("CORP\\user3", "POST")):
                time += step()
                query = f"@{domain}/owa/&Email=autodiscover/autodiscover.json%3f@{domain}&Protocol=XYZ&FooProtocol=Powershell" if not user else f"a@{domain}/powershell/&Email=autodiscover/autodiscover.json%3fa@{domain}"
                self.request(time, "Autodiscover", method, "/autodiscover/autodiscover.json", query, user, client, BROWSER, 302 if not user else 200, label="proxynotshell")
        elif self.story == "owassrf":
            for _ in range(r.randrange(2, 6)):
                time += step()
                self.request(time, "Owa", "POST", f"/owa/mastermailbox%40{domain}/powershell", "", "CORP\\user3", client, r.choice((SCRIPT, "Microsoft WinRM Client")), 200, label="owassrf")
        if r.random() < 0.3:
            time += step()
            self.request(time, "Ews", "POST", "/EWS/Exchange.asmx", "", "CORP\\EX01$", client, SCRIPT, 200, label="server account")
        self.use_shell(time + step(), client)

    def write(self, folder, seed):
        truth = []
        for name, log in sorted(self.logs.items()):
            log.write(folder / name, name, truth)
        (folder / "truth.json").write_text(json.dumps({"story": self.story, "seed": seed, "lines": truth, "shell": self.shell, "iis_minutes": self.minutes}, indent=1))


def make(folder, story, seed, days=8, behind_proxy=False):
    server = Server(story, seed, days, behind_proxy)
    server.ordinary()
    if story != "clean":
        server.attack()
    server.write(folder / f"{story}-{seed}", seed)
    return folder / f"{story}-{seed}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--story", default="proxylogon", choices=sorted(BEGIN))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--behind-proxy", action="store_true", help="clients stand in X-Forwarded-For, the connecting address is a load balancer's")
    options = parser.parse_args()
    make(options.folder, options.story, options.seed, options.days, options.behind_proxy)


if __name__ == "__main__":
    main()
