#!/usr/bin/env python3
"""SYNTHETIC web servers for measuring ascribe: a month of access logs each, with or without a web shell, and the truth beside it.

servers.py FOLDER --seeds 1-20 [--shells N] [--fetched N] [--format auto|iis|iis-default|combined]

Writes FOLDER/<seed>-<kind>.log and FOLDER/truth.jsonl (a line a server: log, kind, rows, shells [{page, traits}]). Everything is made up:
addresses are of the documentation and private ranges and of 100.64.0.0/10, names end in .example, and no request carries code.
The same arguments give the same bytes. Seeds below 1000 are for fitting (fit.py), 1000 and above for measuring (measure.py).

The clean traffic is meant to be hard: pages that administrators visit once a month, interfaces that are only posted to, webhooks and
partners that start in the middle of the month, installers that are removed, uptime monitors, bots that guess passwords, deployments,
forms, uploads, crawlers, applications behind one proxy address. The shells are meant to be hard as well: names from a list of ordinary
words, folders of any kind, one command or hundreds, by script or browser, with and without referrer, there before the log began.
Those of --fetched take their commands from cookies and headers: the log shows the same GET again and again, and nothing else.
"""
import argparse
import json
import pathlib
import random

DAY = 86_400
DAYS = 30
EPOCH = 1_714_521_600  # 2024-05-01 00:00:00 UTC

BROWSERS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15"]
SCRIPTS = ["python-requests/2.31.0", "curl/8.5.0", "Go-http-client/2.0", "okhttp/4.12.0", "-", "Java/17.0.10", "Apache-HttpClient/4.5.14",
           "GuzzleHttp/7", "axios/1.6.8", "Stripe/1.0 (+https://stripe.example)", "GitHub-Hookshot/6f3a2b1"]
CRAWLERS = ["Mozilla/5.0 (compatible; crawler-a/2.1; +http://crawler-a.example/bot.html)", "Mozilla/5.0 (compatible; crawler-b/2.0)",
            "Mozilla/5.0 (compatible; seo-bot/7.0)", "Mozilla/5.0 (compatible; uptime/1.0)"]
PROBES = ["/.env", "/wp-login.php", "/xmlrpc.php", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/shell.php", "/cmd.php", "/1.php",
          "/admin.php", "/config.php", "/info.php", "/phpinfo.php", "/test.php", "/up.php", "/wso.php", "/owa/auth/x.aspx",
          "/aspnet_client/shell.aspx", "/cgi-bin/luci", "/manager/html", "/login.aspx", "/index.jsp", "/.git/config", "/boaform/admin/formLogin",
          "/wp-content/plugins/x/up.php", "/images/a.php", "/uploads/a.php", "/console/login.jsp", "/solr/admin/info"]
WORDS = ["account", "archive", "backup", "banner", "billing", "cache", "calendar", "category", "client", "common", "config", "contact", "content",
         "counter", "customer", "data", "default", "detail", "display", "document", "download", "edit", "editor", "error", "event", "export", "feed",
         "file", "filter", "footer", "form", "gallery", "header", "help", "history", "home", "image", "import", "index", "info", "inventory",
         "invoice", "item", "language", "layout", "library", "link", "list", "loader", "locale", "login", "logo", "mail", "main", "manage",
         "media", "member", "menu", "message", "module", "news", "notice", "option", "order", "page", "panel", "password", "payment", "photo",
         "policy", "preview", "print", "product", "profile", "project", "query", "quote", "rating", "report", "request", "result", "review", "search",
         "service", "session", "settings", "share", "shipping", "sidebar", "site", "sitemap", "staff", "start", "stats", "status", "stock", "style",
         "support", "survey", "system", "tag", "task", "template", "terms", "theme", "ticket", "timer", "tools", "tracking", "update", "upload",
         "user", "utility", "validate", "version", "view", "vote", "widget", "window", "worker"]


class Server:
    """One month of one server: rows are (second, address, method, path, query, status, sent, received, referrer, agent, user)."""

    def __init__(self, seed, kind):
        self.random, self.kind, self.rows, self.shells = random.Random(f"{seed}-{kind}"), kind, [], []
        self.end = {"aspnet": "aspx", "exchange": "aspx", "java": "jsp"}.get(kind, "php")
        self.host = f"www{seed}.example"
        self.scale = self.random.choice((0.4, 0.7, 1, 1, 1.6))

    def address(self):
        r = self.random
        return f"100.{r.randrange(64, 128)}.{r.randrange(256)}.{r.randrange(1, 255)}"

    def inside(self):
        return f"10.{self.random.randrange(3)}.{self.random.randrange(20)}.{self.random.randrange(1, 255)}"

    def word(self):
        """Names that people give: now and then with a figure in it."""
        r, word = self.random, self.random.choice(WORDS)
        return word if r.random() > 0.12 else r.choice((f"{word}2{r.choice(WORDS)}", f"{word}{r.randrange(1, 9)}", f"v{r.randrange(1, 4)}{word}", f"{word}{r.randrange(2010, 2024)}"))

    def at(self, day, hour=None):
        """A second of that day; in working hours unless an hour is given."""
        r = self.random
        hour = hour if hour is not None else min(23.9, max(0, r.gauss(13, 4)))
        return int((day + hour / 24) * DAY + r.randrange(1800))

    def add(self, second, address, method, path, status=200, sent=None, received=None, referrer="-", agent=None, query="-", user="-"):
        r = self.random
        if not 0 <= second < DAYS * DAY:
            return
        sent = sent if sent is not None else int(r.lognormvariate(8.5, 1.2))
        received = received if received is not None else (int(r.lognormvariate(6.3, 0.3)) if method != "POST" else int(r.lognormvariate(7, 0.6)))
        self.rows.append((int(second), address, method, path, query, status, sent, received, referrer, agent or r.choice(BROWSERS), user))

    def link(self, path):
        return f"https://{self.host}{path}"

    def answer(self, page, method):
        """A page has its manners: some send the visitor on after a form, some want a sign-in now and then, most do neither."""
        manner = random.Random(f"{self.host}{page}").random()
        if method == "POST":
            return 302 if manner < 0.25 else self.random.choice((200, 302)) if manner < 0.4 else 200
        return self.random.choice((200,) * 9 + (304,) + ((302,) if manner > 0.85 else (200,)) + ((500,) if manner > 0.97 else (200,)))

    # --- ordinary traffic -------------------------------------------------------------------------------------------------

    def visit(self, day, pages, address=None, agent=None, user="-", posts=0.15, hour=None):
        """A person: a few pages with their images, forms among them."""
        r = self.random
        address, agent = address or self.address(), agent or r.choice(BROWSERS)
        second, referrer, private = self.at(day, hour), r.choice(("-", "https://search.example/", "-")), r.random() < 0.08
        for _ in range(1 + int(r.expovariate(0.3))):
            page = r.choice(pages)
            self.add(second, address, "GET", page, self.answer(page, "GET"), referrer=referrer, agent=agent, user=user,
                     query=r.choice(("-", "-", f"id={r.randrange(500)}", f"page={r.randrange(9)}")))
            for still in r.sample(self.stills, r.randrange(0, 3)):
                self.add(second + 1, address, "GET", still, r.choice((200, 200, 304)), referrer="-" if private else self.link(page), agent=agent, user=user)
            if r.random() < posts:
                second += r.randrange(5, 90)
                self.add(second, address, "POST", page, self.answer(page, "POST"), referrer="-" if private else self.link(page), agent=agent, user=user)
            referrer = "-" if private else self.link(page)
            second += r.randrange(4, 240)

    def admin(self, pages, days, user="-", address=None):
        """Pages that one or two people use on few days: forms and all."""
        address, agent = address or self.random.choice((self.address(), self.inside())), self.random.choice(BROWSERS)
        for day in days:
            self.visit(day, pages, address, agent, user, posts=0.4)

    def interface(self, path, addresses, first, last, each_day, answer, agent, method="POST", jitter=1.0, status=(200,), body=0.6):
        """Machines that post: webhooks, partners, telephones. `answer` is the usual size, negative: it varies."""
        r = self.random
        for day in range(first, last):
            for i in range(max(0, int(r.gauss(each_day, each_day * 0.3) + 0.5))):
                hour = (i + 0.5) * 24 / max(each_day, 1) + r.uniform(-jitter, jitter) if jitter < 1 else r.uniform(0, 24)
                self.add(self.at(day, hour % 24) if jitter >= 1 else int((day + (hour % 24) / 24) * DAY), r.choice(addresses), method, path,
                         r.choice(status), sent=answer if answer >= 0 else int(r.lognormvariate(7, 1)),
                         received=int(r.lognormvariate(7.2, body)), agent=agent)

    def bots(self):
        r = self.random
        for _ in range(int(40 * self.scale)):
            address, agent, second = self.address(), r.choice(SCRIPTS + BROWSERS), r.randrange(DAYS * DAY)
            for path in r.sample(PROBES, r.randrange(1, len(PROBES))):
                self.add(second, address, r.choice(("GET", "GET", "GET", "HEAD", "POST")), path, r.choice((404, 404, 404, 404, 403, 301)), sent=512, agent=agent)
                second += r.randrange(0, 4)
        for crawler in CRAWLERS:
            address = self.address()
            for day in range(DAYS):
                for _ in range(int(r.randrange(5, 60) * self.scale)):
                    self.add(self.at(day, r.uniform(0, 24)), address, "GET", r.choice(self.pages + self.stills + ["/robots.txt"]), r.choice((200, 200, 200, 404)), agent=crawler)
        monitor, page = self.address(), r.choice(self.pages)
        for quarter in range(DAYS * 24 * 2):
            self.add(quarter * 1800 + 17, monitor, r.choice(("GET", "HEAD")), page, sent=1200, agent="Mozilla/5.0 (compatible; uptime/1.0)")

    def passwords(self, path, status=200):
        """Bots guessing passwords: one address posts hundreds of times to a page that many know."""
        r = self.random
        for _ in range(r.randrange(2, 12)):
            address, second, agent = self.address(), r.randrange(DAYS * DAY), r.choice(SCRIPTS + BROWSERS)
            for _ in range(r.randrange(5, 150)):
                self.add(second, address, "POST", path, status, sent=r.randrange(4000, 4100), agent=agent)
                second += r.randrange(1, 9)
        if path == "/xmlrpc.php":
            return
        for day in range(DAYS):  # and people sign in
            for _ in range(int(r.randrange(1, 12) * self.scale)):
                address, second, agent = self.address(), self.at(day), r.choice(BROWSERS)
                self.add(second, address, "GET", path, sent=4000, agent=agent, referrer=r.choice(("-", self.link("/"))))
                self.add(second + 1, address, "GET", r.choice(self.stills), agent=agent, referrer=self.link(path))
                self.add(second + 20, address, "POST", path, r.choice((200, 302)), sent=4050, agent=agent, referrer=self.link(path))

    def hard_clean(self):
        """What looks like a shell and is none."""
        r, end = self.random, self.end
        if r.random() < 0.6:  # a partner taken on in the middle of the month, one address, bodies of any size
            first = r.randrange(4, 24)
            self.interface(f"/{r.choice(('edi', 'api', 'interface', 'partner', 'b2b'))}/{self.word()}_in.{end}", [self.address()], first, DAYS,
                           r.choice((0.4, 1, 4, 24)), r.choice((2, 17, 64)), r.choice(SCRIPTS), jitter=r.choice((0.05, 0.3, 1)), body=1.2)
        if r.random() < 0.7:  # a webhook of a payment service or of a repository
            self.interface(f"/{r.choice(('hooks', 'webhook', 'callback', 'payments'))}/{self.word()}.{end}", [self.address() for _ in range(r.randrange(1, 5))],
                           r.choice((0, 0, r.randrange(25))), DAYS, r.choice((0.3, 2, 8)), r.choice((0, 2, 15)), r.choice(SCRIPTS), body=0.5)
        if r.random() < 0.5:  # a job of the server's own
            self.interface(f"/{r.choice(('cron', 'tasks', 'jobs'))}.{end}", [r.choice(("127.0.0.1", self.inside()))], 0, DAYS, 24, r.choice((0, 3)), r.choice(SCRIPTS),
                           method=r.choice(("GET", "POST")), jitter=0.01)
        if r.random() < 0.4:  # telephones
            self.interface(f"/{r.choice(('mobile', 'app', 'api'))}/{self.word()}.{end}", [self.address() for _ in range(r.randrange(30, 120))], 0, DAYS, 30 * self.scale, -1, "okhttp/4.12.0")
        if r.random() < 0.5:  # an installer or a test page, used once by one person, then removed
            day, address, page = r.randrange(1, 28), self.inside() if r.random() < 0.5 else self.address(), f"/{r.choice(('install', 'setup', 'upgrade', 'migrate'))}.{end}"
            second, agent = self.at(day), r.choice(BROWSERS)
            for step in range(r.randrange(3, 9)):
                self.add(second, address, "GET" if step == 0 else "POST", page, referrer="-" if step == 0 else self.link(page), agent=agent, query="-" if step == 0 else f"step={step}")
                for still in r.sample(self.stills, 2):
                    self.add(second + 1, address, "GET", still, referrer=self.link(page), agent=agent)
                second += r.randrange(10, 120)
            self.add(second + 600, address, "GET", page, 404, agent=agent)
        if r.random() < 0.15:  # a developer tries an interface by hand, with curl, from the office
            address, page, day = self.inside() if r.random() < 0.6 else self.address(), f"/api/{self.word()}_{self.word()}.{end}", r.randrange(2, 27)
            for _ in range(r.randrange(2, 4)):
                second = self.at(day)
                for _ in range(r.randrange(2, 12)):
                    self.add(second, address, "POST", page, r.choice((200, 200, 200, 500, 400)), sent=int(r.lognormvariate(5, 0.8)), agent="curl/8.5.0")
                    second += r.randrange(5, 300)
                day = min(29, day + r.randrange(0, 3))
            if r.random() < 0.7:
                self.interface(page, [self.address() for _ in range(r.randrange(3, 40))], min(29, day + 1), DAYS, 15, -1, r.choice(SCRIPTS))
        if r.random() < 0.8:  # a report opened once or twice in the month
            for _ in range(r.randrange(1, 5)):
                self.admin([f"/reports/{self.word()}.{end}", f"/reports/index.{end}"], [r.randrange(DAYS) for _ in range(r.randrange(1, 3))],
                           user=r.choice(("-", "-", "DOM\\anna")))
        if r.random() < 0.5:  # a form few people fill in: a survey sent round by mail
            page, day = f"/{self.word()}/{r.choice(('survey', 'form', 'feedback', 'rsvp'))}.{end}", r.randrange(2, 25)
            for _ in range(r.randrange(2, 30)):
                address, second, agent = self.address(), self.at(min(29, day + int(r.expovariate(0.4)))), r.choice(BROWSERS)
                self.add(second, address, "GET", page, query=f"token={r.randrange(10**9)}", agent=agent)
                for still in r.sample(self.stills, 2):
                    self.add(second + 1, address, "GET", still, referrer=self.link(page), agent=agent)
                self.add(second + 90, address, "POST", page, self.answer(page, "POST"), referrer=self.link(page), agent=agent)
        if r.random() < 0.5:  # an upload from a device: a camera, a scanner, a till
            self.interface(f"/{r.choice(('upload', 'scan', 'till', 'device'))}/{r.choice(('put', 'receive', 'store', 'upload'))}.{end}", [r.choice((self.inside(), self.address()))],
                           r.choice((0, 0, r.randrange(20))), DAYS, r.choice((1, 6, 48)), r.choice((2, 20)), r.choice(SCRIPTS), jitter=r.choice((0.02, 1)), body=0.9)
        if r.random() < 0.7:  # a new version: several pages at once, found by visitors
            day, folder = r.randrange(3, 27), f"/{self.word()}"
            pages = [f"{folder}/{self.word()}.{end}" for _ in range(r.randrange(3, 9))]
            for d in range(day, DAYS):
                for _ in range(max(1, int(r.gauss(6, 3) * self.scale))):
                    self.visit(d, pages + self.pages[:2])
        if r.random() < 0.3:  # everybody behind one proxy or load balancer: one address for an application
            proxy = self.inside()
            pages = [f"/intern/{self.word()}.{end}" for _ in range(5)]
            for day in range(DAYS):
                for _ in range(r.randrange(1, 6)):
                    self.visit(day, pages, proxy, posts=0.5)
        if r.random() < 0.4:  # statistics pixels and collectors: posted to by everybody's browser
            page = f"/{r.choice(('collect', 'stat', 'rum', 'log'))}.{end}"
            for day in range(DAYS):
                for _ in range(int(r.randrange(5, 30) * self.scale)):
                    self.add(self.at(day, r.uniform(0, 24)), self.address(), "POST", page, r.choice((200, 204)), sent=0, referrer=self.link(r.choice(self.pages)))
        if r.random() < 0.3:  # a colleague tidies up: an old page is asked for and gone
            page, address = f"/old/{self.word()}.{end}", self.address()
            for day in range(r.randrange(3, 20)):
                self.visit(day, [page], address if r.random() < 0.5 else None)
            for _ in range(5):
                self.add(self.at(25), self.address(), "GET", page, 404)

    def fetches(self, path, address, second, count, gap, sent, agent, referrer="-", status=(200,), spread=1.0, user="-"):
        """The same GET of one address again and again, without a query; returns the second after the last."""
        r = self.random
        for _ in range(count):
            self.add(second, address, "GET", path, r.choice(status), sent=sent(), agent=agent, referrer=referrer, user=user)
            second += max(1, int(r.lognormvariate(0, spread) * gap))
        return second

    def assets(self, page, address, second, agent):
        for still in self.random.sample(self.stills, self.random.randrange(1, 4)):
            self.add(second + 1, address, "GET", still, self.random.choice((200, 304)), referrer=self.link(page), agent=agent)

    def clean_fetches(self):
        """Pages that few ask for again and again without a query, and that are no shells."""
        r, end = self.random, self.end
        around = lambda middle, share: lambda: max(1, int(r.gauss(middle, middle * share)))
        any_size = lambda: int(r.lognormvariate(7, 1))
        someone = lambda inside=0.5: self.inside() if r.random() < inside else self.address()
        placed = []

        def at_place(path):
            """Some keep such pages among their files, and some under a name that nobody guesses."""
            folder, name = path.rsplit("/", 1)
            if r.random() < 0.2:
                folder = r.choice(("/files", "/uploads", "/media", "/docs", "/images", "/js", "/download", "/assets", "/content/tools"))
            if r.random() < 0.07:
                name = "".join(r.choices("abcdef0123456789", k=r.randrange(6, 20))) + "." + end
            placed.append(f"{folder}/{name}")
            return placed[-1]

        if r.random() < 0.5:  # a page of the server's state that an administrator reloads when something is wrong
            page, address, agent = at_place(f"/{r.choice(('status', 'info', 'monitor', 'queue', 'stats'))}.{end}"), someone(), r.choice(BROWSERS)
            size = around(r.randrange(2000, 90_000), r.choice((0, 0.02, 0.1, 0.5)))
            for day in r.sample(range(DAYS), r.randrange(1, 6)):
                second = self.at(day)
                if r.random() < 0.6:
                    self.assets(page, address, second, agent)
                self.fetches(page, address, second, r.randrange(2, 40), r.choice((5, 30, 120)), size, agent, referrer=r.choice(("-", "-", "-", self.link(page))))
        if r.random() < 0.5:  # a feed or a calendar that programs ask for
            page = at_place(f"/{r.choice(('feed', 'calendar/feed', 'rss', 'ical'))}.{end}")
            for _ in range(r.randrange(1, 7)):
                address, agent, size, start = self.address(), r.choice(SCRIPTS + BROWSERS), around(9000, 0.02), r.randrange(0, 20) if r.random() < 0.3 else 0
                every = r.choice((1800, 3600, 21_600, DAY))
                self.fetches(page, address, start * DAY + r.randrange(3600), int((DAYS - start) * DAY / every * r.uniform(0.3, 1)), every, size, agent, status=r.choice(((200,), (200, 304))), spread=r.choice((0.02, 0.3)))
        if r.random() < 0.4:  # a watchman's page of its own
            self.fetches(at_place(f"/{r.choice(('health', 'alive', 'ping', 'monitor/check'))}.{end}"), someone(), 17, 4000, 300 * r.choice((1, 2)), r.choice((lambda: 2, around(300, 0.03))), "Mozilla/5.0 (compatible; uptime/1.0)", spread=0.01)
        if r.random() < 0.5:  # a partner fetches what is new, its key in a header
            page, addresses, agent = at_place(f"/{r.choice(('api', 'export', 'partner', 'b2b'))}/{self.word()}.{end}"), [someone(0.2) for _ in range(r.randrange(1, 4))], r.choice(SCRIPTS)
            start, a_day, size = r.choice((0, 0, r.randrange(20))), r.choice((0.4, 1, 4, 24)), r.choice((any_size, any_size, around(5000, 0.1)))
            for day in range(start, DAYS):
                for i in range(max(0, int(r.gauss(a_day, a_day * 0.3) + 0.5))):
                    self.fetches(page, r.choice(addresses), self.at(day, 24 * i / max(1, a_day) if r.random() < 0.5 else r.uniform(0, 24)), r.choice((1, 1, 1, 3)), 4, size, agent)
        if r.random() < 0.4:  # an export that one person fetches now and then, by a bookmark or from the page before it
            page, address, agent, before = at_place(f"/{r.choice(('export', 'reports', 'lists'))}/{self.word()}.{end}"), someone(), r.choice(BROWSERS), r.random() < 0.7
            for day in range(r.randrange(7), DAYS, r.choice((1, 7, 7))):
                self.fetches(page, address, self.at(day), r.choice((1, 1, 1, 2)), 90, any_size, agent, referrer=self.link("/reports/index." + end) if before else "-")
        if r.random() < 0.3:  # a page that asks for news while it is open
            page, before = at_place(f"/{r.choice(('chat', 'news', 'messages'))}/{r.choice(('poll', 'update', 'news'))}.{end}"), self.link(r.choice(self.pages))
            for _ in range(r.randrange(1, 25)):
                address, agent, second = someone(), r.choice(BROWSERS), self.at(r.randrange(DAYS))
                self.assets(page, address, second, agent)
                self.fetches(page, address, second, r.randrange(5, 200), r.choice((2, 15, 60)), lambda: r.choice((2, 2, 2, 2, 300, 800)), agent, spread=0.05, referrer=before if r.random() > 0.08 else "-")
        if r.random() < 0.3:  # devices that say they are there, or ask for their settings
            page, size = at_place(f"/{r.choice(('device', 'sensor', 'till', 'dyndns'))}/{r.choice(('ping', 'config', 'update', 'time'))}.{end}"), r.choice((lambda: 2, around(200, 0.05), lambda: r.choice((2, 700))))
            for _ in range(r.randrange(1, 6)):
                every = r.choice((600, 3600, 6 * 3600, DAY))
                self.fetches(page, someone(0.3), r.randrange(DAY), int(DAYS * DAY / every * r.uniform(0.2, 1)), every, size, r.choice(SCRIPTS), spread=r.choice((0.02, 0.5)))
        if r.random() < 0.15:  # a developer reloads a new page until it is right
            page, address, agent = at_place(f"/{r.choice(('', 'dev/', 'new/'))}{self.word()}.{end}"), someone(), r.choice(BROWSERS)
            day, size = r.randrange(1, 28), [int(r.lognormvariate(7, 1)) for _ in range(4)]
            for _ in range(r.randrange(1, 4)):
                second = self.at(min(29, day))
                for _ in range(r.randrange(3, 30)):
                    if r.random() < 0.3:
                        self.assets(page, address, second, agent)
                    second = self.fetches(page, address, second, 1, r.choice((10, 60, 200)), around(r.choice(size), 0.02), agent, status=(200,) * 8 + (500,), referrer=r.choice(("-", "-", self.link("/"))))
                day += r.randrange(0, 3)
            for later in range(day, DAYS) if r.random() < 0.7 else ():
                for _ in range(r.randrange(1, 9)):
                    self.visit(later, [page] + self.pages[:2], posts=0)
        if r.random() < 0.5:  # crawlers remember a page that nobody links to any more
            page = at_place(f"/old/{self.word()}.{end}")
            for _ in range(r.randrange(1, 4)):
                self.fetches(page, self.address(), r.randrange(3 * DAY), r.randrange(2, 12), r.choice((0.7, 3, 7)) * DAY, around(6000, 0.01), r.choice(CRAWLERS), spread=0.3)
        if r.random() < 0.2:  # clients that ask whether the server is there
            for _ in range(r.randrange(1, 9)):
                self.fetches(f"/cloud/status.{end}", someone(), self.at(r.randrange(10)), r.randrange(50, 900), r.choice((30, 300, 1800)), lambda: 163, "Mozilla/5.0 (Windows) mirall/3.12", spread=0.1)
        if r.random() < 0.15:  # a screen in the hall that shows another picture every now and then
            self.fetches(at_place(f"/{r.choice(('screen', 'slides', 'random'))}.{end}"), someone(0.7), r.randrange(DAY), r.randrange(300, 2000), r.choice((30, 300, 900)), any_size, r.choice(BROWSERS), spread=0.02)
        if r.random() < 0.1:  # somebody measures the line
            page = f"/speedtest/{r.choice(('garbage', 'empty'))}.{end}"
            for _ in range(r.randrange(1, 6)):
                self.fetches(page, someone(), self.at(r.randrange(DAYS)), r.randrange(5, 30), 1, any_size, r.choice(BROWSERS), referrer=self.link("/speedtest/"), spread=0.3)
        if r.random() < 0.3:  # a small wiki whose pages are named behind the script
            users = [(someone(), r.choice(BROWSERS)) for _ in range(r.randrange(1, 12))]
            for day in r.sample(range(DAYS), r.randrange(2, 20)):
                address, agent = r.choice(users)
                second, before = self.at(day), "-"
                for _ in range(r.randrange(2, 12)):
                    page = f"/wiki/index.{end}/{self.word().capitalize()}"
                    self.add(second, address, "GET", page, referrer=before, agent=agent)
                    self.assets(page, address, second, agent)
                    before, second = self.link(page), second + r.randrange(5, 200)
        for page in placed:
            if r.random() < 0.15:  # taken away one day, while some still ask for it
                day = r.randrange(8, DAYS)
                self.rows = [row if row[2:4] != ("GET", page) or row[0] < day * DAY else row[:5] + (404, 512) + row[7:] for row in self.rows]
            if r.random() < 0.15:  # somebody heard of it
                for _ in range(r.randrange(1, 4)):
                    self.add(self.at(r.randrange(DAYS)), self.address(), "GET", page, r.choice((200, 404)), agent=r.choice(BROWSERS + SCRIPTS))

    # --- kinds of server --------------------------------------------------------------------------------------------------

    def build(self):
        r, end = self.random, self.end
        folders = ["", *(f"/{self.word()}" for _ in range(r.randrange(1, 5)))]
        self.pages = sorted({f"{r.choice(folders)}/{self.word()}.{end}" for _ in range(r.randrange(8, 40))} | {f"/index.{end}"})
        self.stills = [f"/{r.choice(('images', 'css', 'js', 'assets/img', 'static'))}/{self.word()}.{r.choice(('png', 'jpg', 'css', 'js', 'svg', 'woff2'))}" for _ in range(30)]
        getattr(self, self.kind)()
        self.bots()
        self.hard_clean()

    def people(self, a_day, pages=None, user=False):
        r = self.random
        users = [(self.inside(), f"DOM\\{self.word()}{i}") for i in range(40)]
        for day in range(DAYS):
            for _ in range(int(a_day * self.scale * (0.4 if day % 7 > 4 else 1))):
                address, name = r.choice(users) if user else (None, "-")
                self.visit(day, pages or self.pages, address, user=name)

    def php(self):
        r = self.random
        self.people(80)
        self.admin([f"/admin/{self.word()}.php" for _ in range(r.randrange(4, 15))], r.sample(range(DAYS), r.randrange(2, 14)))
        if r.random() < 0.4:
            self.admin(["/phpmyadmin/index.php", "/phpmyadmin/sql.php", "/phpmyadmin/tbl_change.php", "/phpmyadmin/import.php"], r.sample(range(DAYS), 3))
        if r.random() < 0.3:
            self.admin(["/adminer.php"], r.sample(range(DAYS), r.randrange(1, 4)))
        self.passwords("/login.php")

    def wordpress(self):
        r = self.random
        self.pages = ["/index.php", "/", "/about/", "/blog/", "/contact/", "/shop/"] + [f"/2024/0{r.randrange(1, 6)}/{self.word()}-{self.word()}/" for _ in range(20)]
        self.stills = [f"/wp-content/{r.choice(('themes/blank', 'plugins/' + self.word(), 'uploads/2024/04'))}/{self.word()}.{r.choice(('css', 'js', 'jpg', 'png'))}" for _ in range(40)]
        self.people(90)
        panel = [f"/wp-admin/{p}.php" for p in ("index", "edit", "post", "post-new", "upload", "plugins", "options-general", "admin-ajax", "admin", "users", "profile", "async-upload", "update-core", "nav-menus")]
        for _ in range(r.randrange(1, 4)):
            self.admin(panel + ["/wp-login.php"], r.sample(range(DAYS), r.randrange(2, 20)))
        for day in range(DAYS):
            for _ in range(int(20 * self.scale)):
                self.add(self.at(day, r.uniform(0, 24)), self.address(), "POST", "/wp-admin/admin-ajax.php", referrer=self.link("/shop/"))
            for _ in range(24):
                self.add(self.at(day, r.uniform(0, 24)), "127.0.0.1", "POST", "/wp-cron.php", sent=0, agent="WordPress/6.5", query="doing_wp_cron=171")
            if r.random() < 0.3:
                self.add(self.at(day), self.address(), "POST", "/wp-comments-post.php", 302, referrer=self.link("/blog/"))
        self.passwords("/wp-login.php")
        self.passwords("/xmlrpc.php")
        for _ in range(r.randrange(0, 3)):  # plugins with files of their own
            self.interface(f"/wp-content/plugins/{self.word()}-{self.word()}/{r.choice(('ajax', 'ipn', 'callback', 'sync', 'notify'))}.php", [self.address() for _ in range(r.randrange(1, 6))],
                           r.choice((0, r.randrange(20))), DAYS, r.choice((0.2, 1, 6)), r.choice((0, 2, 80, -1)), r.choice(SCRIPTS))

    def aspnet(self):
        r = self.random
        self.people(60, user=r.random() < 0.5)
        for _ in range(r.randrange(1, 4)):
            self.interface(f"/services/{self.word()}.asmx", [self.inside() for _ in range(r.randrange(1, 6))], 0, DAYS, r.choice((3, 30, 80)), -1, "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319)", status=(200,) * 9 + (500,))
        self.interface(f"/handlers/{self.word()}.ashx", [self.address() for _ in range(r.randrange(2, 50))], 0, DAYS, 12, -1, r.choice(BROWSERS))
        self.admin([f"/admin/{self.word()}.aspx" for _ in range(8)], r.sample(range(DAYS), r.randrange(2, 10)), user="DOM\\admin")
        self.passwords("/login.aspx")

    def java(self):
        r = self.random
        self.people(60)
        self.admin([f"/manage/{self.word()}.jsp" for _ in range(6)], r.sample(range(DAYS), r.randrange(1, 8)))
        self.interface(f"/rpc/{self.word()}.jsp", [self.inside(), self.inside()], 0, DAYS, 40, -1, "Java/17.0.10")
        self.passwords("/login.jsp")

    def cgi(self):
        r = self.random
        self.end = "cgi"
        self.people(30)
        self.admin([f"/cgi-bin/{p}.cgi" for p in ("status", "cmd", "extinfo", "avail", "history", "config")], r.sample(range(DAYS), 12), user="nagiosadmin")
        self.admin([f"/cgi-bin/{self.word()}.pl" for _ in range(4)], r.sample(range(DAYS), 4))

    def exchange(self):
        r = self.random
        users = [(self.address(), f"CORP\\user{i}") for i in range(60)]
        for day in range(DAYS):
            for _ in range(int(500 * self.scale)):
                address, user = r.choice(users)
                path, agent = r.choice((("/mapi/emsmdb/", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17531; Pro)"), ("/Microsoft-Server-ActiveSync/default.eas", "Apple-iPhone15C2/2105.96"),
                                        ("/EWS/Exchange.asmx", "MacOutlook/16.84"), ("/autodiscover/autodiscover.xml", "Microsoft Office/16.0"), ("/owa/service.svc", BROWSERS[0])))
                self.add(self.at(day), address, "POST", path, r.choice((200,) * 12 + (401,)), agent=agent, user=user, query="&CorrelationID=<empty>;&cafeReqId=0-0;")
            for _ in range(int(40 * self.scale)):
                address, user = r.choice(users)
                self.add(self.at(day), address, "GET", "/owa/auth/logon.aspx", query="replaceCurrent=1", agent=BROWSERS[0])
                self.add(self.at(day), address, "POST", "/owa/auth.owa", 302, agent=BROWSERS[0], referrer=self.link("/owa/auth/logon.aspx"))
            for _ in range(48):
                self.add(self.at(day, r.uniform(0, 24)), "127.0.0.1", "GET", "/owa/", agent="AMProbe/Local/ClientAccess", user="HealthMailbox0@corp.example")
        self.pages = ["/owa/", "/owa/auth/logon.aspx", "/ecp/default.aspx"]
        self.stills = [f"/owa/auth/15.1.2507/themes/resources/{self.word()}.png" for _ in range(10)]
        self.admin(["/ecp/default.aspx", "/ecp/UsersGroups/Mailboxes.aspx", "/ecp/Organize/AutomaticReplies.aspx"], r.sample(range(DAYS), 5), user="CORP\\admin")
        if r.random() < 0.6:
            self.admin(["/password/reset.aspx", "/password/default.aspx"], r.sample(range(DAYS), 9))
        self.passwords("/owa/auth/logon.aspx")

    # --- shells -----------------------------------------------------------------------------------------------------------

    def plant(self, fetched=False):
        r, end = self.random, self.end
        still = r.random() < 0.1 and not fetched
        ending = r.choice(("png", "jpg", "css", "js", "gif")) if still else end if r.random() < 0.85 else {"aspx": "ashx", "php": "phtml", "jsp": "jspx", "cgi": "pl"}[end]
        folder = r.choice([page.rsplit("/", 1)[0] for page in self.pages] + [s.rsplit("/", 1)[0] for s in self.stills[:6]] + ["/uploads/2024", "/aspnet_client/system_web", "/files", "", "/wp-content/uploads", "/tmp", "/owa/auth" if self.kind == "exchange" else "/api"])
        name = r.choice((self.word, self.word, lambda: f"{self.word()}{r.choice(('_', '-', ''))}{self.word()}", lambda: f"{self.word()}{r.randrange(1, 30)}", lambda: "".join(r.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=r.randrange(4, 13)))))()
        page = f"{folder}/{name}.{ending}"
        traits = {"still": still, "old": r.random() < 0.15, "deleted": r.random() < 0.5, "method": r.choices(("POST", "GET", "both"), (80, 8, 12))[0],
                  "addresses": r.choices((1, 2, 3, 5), (60, 20, 13, 7))[0], "agent": r.choices(("browser", "script"), (65, 35))[0],
                  "referrer": r.choices(("none", "itself", "fake"), (75, 18, 7))[0], "commands": max(1, int(r.lognormvariate(2.6, 1.1))), "browsing": r.random() < 0.15}
        if still:
            traits["method"] = "POST"
        if fetched:
            traits["method"] = r.choices(("header", "path"), (85, 15))[0]
        first = 0.02 if traits["old"] else r.uniform(0.5, 27)
        users = [self.address() for _ in range(traits["addresses"])]
        agent = r.choice(BROWSERS) if traits["agent"] == "browser" else r.choice(SCRIPTS[:5])
        referrer = {"none": "-", "itself": self.link(page), "fake": "https://search.example/"}[traits["referrer"]]
        second, left = int(first * DAY), traits["commands"]
        if r.random() < 0.4:  # the one who put it there looked round first
            for path in r.sample(PROBES, 12):
                self.add(second - 4000 + r.randrange(600), users[0], "GET", path, 404, sent=512, agent=agent)
        if r.random() < 0.5:
            self.add(second - 20, users[0], "GET", page, r.choice((200, 404)), sent=0 if r.random() < 0.5 else 120, agent=agent)
        body, pace = r.uniform(5.5, 7), r.choices((3.2, 5, 7.3), (65, 20, 15))[0]  # half a minute, two and a half, half an hour
        while left > 0:
            user = r.choice(users)
            for _ in range(min(left, 1 + int(r.expovariate(0.12)))):
                method = r.choice(("POST", "GET")) if traits["method"] == "both" else traits["method"] if not fetched else "GET"
                body = min(10, body + r.uniform(-0.05, 0.1))
                self.add(second, user, method, f"{page}/{r.randrange(10**6)}" if traits["method"] == "path" else page, 500 if r.random() < 0.03 else 200, sent=int(r.lognormvariate(6, 1.3)),
                         received=int(r.lognormvariate(body, 0.7)), referrer=referrer, agent=agent, query="-" if method == "POST" or fetched else f"c={r.randrange(10**6)}")
                left -= 1
                second += int(r.lognormvariate(pace, 1.2)) + 1
            if traits["browsing"]:
                self.visit(second // DAY, self.pages, user, agent)
            second += int(r.expovariate(1 / r.choice((7200, 40_000, 160_000))))
        last = max((row[0] for row in self.rows if row[3].startswith(page)), default=second)
        if traits["deleted"]:
            for _ in range(r.randrange(1, 9)):
                self.add(last + r.randrange(3600, 6 * DAY), r.choice((self.address(), users[0])), r.choice(("GET", "GET", "POST", "HEAD")), page, 404, sent=512, agent=r.choice(SCRIPTS + BROWSERS))
        elif r.random() < 0.5:
            for _ in range(r.randrange(1, 6)):
                self.add(last + r.randrange(3600, 6 * DAY), self.address(), "GET", page, 200, sent=0, agent=r.choice(SCRIPTS + BROWSERS))
        if any(row[3].startswith(page) and row[5] == 200 for row in self.rows):
            self.shells.append({"page": page, "traits": traits})


def stamp(second):
    day, rest = divmod(second, DAY)
    return day + 1, f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def iis(server, out, sized=True):
    """IIS logs sc-bytes and cs-bytes only where asked to; where the server is none of IIS, the columns are those that Apache and nginx log, unless nothing
    is to be `sized`. What time-taken says is made up and tells nothing: nobody knows how long shells and pages take."""
    sizes = ("sc-bytes",) if server.kind not in ("aspnet", "exchange") else ("sc-bytes", "cs-bytes") if server.random.random() < 0.5 else ()
    sizes = sizes if sized else ()
    fields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status"
    out.write(f"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2024-05-01 00:00:00\r\n#Fields: {' '.join((fields, *sizes, 'time-taken'))}\r\n")
    for second, address, method, path, query, status, sent, received, referrer, agent, user in server.rows:
        day, time = stamp(second)
        bytes_logged = "".join(f"{value} " for value in (sent, received)[:len(sizes)])
        out.write(f"2024-05-{day:02} {time} 192.0.2.10 {method} {path} {query} 443 {user} {address} {agent.replace(' ', '+')} {referrer} {status} 0 0 {bytes_logged}{server.random.randrange(1, 900)}\r\n")


def combined(server, out):
    for second, address, method, path, query, status, sent, _, referrer, agent, user in server.rows:
        day, time = stamp(second)
        target = path if query == "-" else f"{path}?{query}"
        out.write(f'{address} - {user} [{day:02}/May/2024:{time} +0000] "{method} {target} HTTP/1.1" {status} {sent} "{referrer}" "{agent}"\n')


KINDS = ["php", "wordpress", "aspnet", "java", "cgi", "exchange"]


def make(seed, shells, fetched=0):
    server = Server(seed, KINDS[seed % len(KINDS)])
    server.build()
    for _ in range(shells):
        server.plant()
    kept, server.random = server.random, random.Random(f"{seed}-{server.kind}-fetched")  # so that the rest is as it was before these were thought of
    server.clean_fetches()
    for _ in range(fetched):
        server.plant(fetched=True)
    server.random = kept
    if server.random.random() < 0.12:  # a log without the column
        server.rows = [row[:8] + ("-",) + row[9:] for row in server.rows]
    if server.random.random() < 0.08:  # a proxy in front that tells nobody's address
        proxies = ["10.0.0.5", "10.0.0.6"][:server.random.randrange(1, 3)]
        server.rows = [row[:1] + ((server.random.choice(proxies) if row[1] != "127.0.0.1" else row[1]),) + row[2:] for row in server.rows]
    server.rows.sort(key=lambda row: (row[0], row[1], row[3]))
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="1-6")
    parser.add_argument("--shells", type=int, default=0)
    parser.add_argument("--fetched", type=int, default=0)
    parser.add_argument("--format", default="auto", choices=["auto", "iis", "iis-default", "combined"])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    first, last = map(int, options.seeds.split("-"))
    with open(options.folder / "truth.jsonl", "w") as truth:
        for seed in range(first, last + 1):
            server = make(seed, options.shells, options.fetched)
            log = f"{seed:05}-{server.kind}.log"
            windows = options.format.startswith("iis") or (options.format == "auto" and server.kind in ("aspnet", "exchange"))
            with open(options.folder / log, "w", newline="") as out:
                iis(server, out, options.format != "iis-default") if windows else combined(server, out)
            truth.write(json.dumps({"log": log, "kind": server.kind, "rows": len(server.rows), "shells": server.shells}) + "\n")


if __name__ == "__main__":
    main()
