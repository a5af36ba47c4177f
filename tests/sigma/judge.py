"""An evaluator of Sigma rules of its own, to judge the product by: slow, short and written from the specification alone.

It shares no code and no idea with src/detect/sigma: every rule is evaluated on every event, by plain recursion on the parsed
condition. What it does not understand it refuses with a reason, as the product must.

    for rule in judge.read(text): rule.matches({"CommandLine": "whoami /all", "EventID": "1"})

https://github.com/SigmaHQ/sigma-specification (2.1.0)
"""
import base64
import datetime
import ipaddress
import re

import yaml

DASHES = "-/\u2013\u2014\u2015"  # hyphen, slash, en dash, em dash, horizontal bar: the five of `windash`
ENCODINGS = {"wide": "utf-16le", "utf16le": "utf-16le", "utf16be": "utf-16be", "utf16": "utf-16le"}
ORDER = {
    "lt": lambda have, want: have < want,
    "lte": lambda have, want: have <= want,
    "gt": lambda have, want: have > want,
    "gte": lambda have, want: have >= want,
}
TIME_PARTS = {"minute", "hour", "day", "week", "month", "year"}
PLACES = {"contains", "startswith", "endswith"}
MODIFIERS = (
    {"all", "re", "i", "m", "s", "base64", "base64offset", "windash", "cidr", "exists", "cased", "fieldref", "neq", "expand"}
    | set(ENCODINGS) | set(ORDER) | TIME_PARTS | PLACES
)


class Refused(Exception):
    """The rule cannot be used, and why."""


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Nulls and booleans of YAML 1.2; all else, `on` and 007 and 2021-03-02 too, is the text as it was written. No name twice."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise Refused(f"{name} is named twice")
        return super().construct_mapping(node, deep=True)


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def number(value):
    """The number a text says, or None."""
    text = str(value).strip()
    return float(text) if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", text) else None


# -- values

def glob(text, modifiers):
    """A pattern as a regular expression that must match the whole value."""
    out, i = "", 0
    while i < len(text):
        character = text[i]
        if character == "\\" and text[i + 1:i + 2] in ("*", "?", "\\") and i + 1 < len(text):
            i += 1
            out += re.escape(text[i])
        elif character == "*":
            out += ".*"
        elif character == "?":
            out += "."
        else:
            out += re.escape(character)
        i += 1
    return placed(out, modifiers)


def placed(pattern, modifiers):
    before = ".*" if {"contains", "endswith"} & set(modifiers) else ""
    after = ".*" if {"contains", "startswith"} & set(modifiers) else ""
    return before + pattern + after


def dashed(text):
    """The pattern with every dash that begins an option open to all five."""
    starts = {m.start() for m in re.finditer(r"(?<!\w)[%s](?=\w)" % re.escape(DASHES), text)}
    return [(character, at in starts) for at, character in enumerate(text)]


def offsets(data):
    """The text that stays the same wherever `data` begins within a Base64 group: one for each of three places."""
    found = []
    for shift in range(3):
        bits_before, size = shift * 8, (shift + len(data)) * 8
        encoded = base64.b64encode(b"\0" * shift + data + b"\0" * 3).decode()
        found.append(encoded[-(-bits_before // 6):size // 6])
    return found


def compile_plain(text, modifiers):
    """A text without wildcards: what nearly every rule has, and a hundred times faster than the pattern."""
    fold = (lambda t: t) if "cased" in modifiers else str.lower
    text = fold(text)
    if "contains" in modifiers or {"startswith", "endswith"} <= set(modifiers):
        return lambda value, event: text in fold(value)
    if "startswith" in modifiers:
        return lambda value, event: fold(value).startswith(text)
    if "endswith" in modifiers:
        return lambda value, event: fold(value).endswith(text)
    return lambda value, event: fold(value) == text


def compile_text(text, modifiers):
    if not set("*?\\") & set(text) and set(modifiers) <= PLACES | {"all", "neq", "expand", "cased"}:
        return compile_plain(text, modifiers)
    flags = re.S | (0 if "cased" in modifiers else re.I)
    encoded = [m for m in modifiers if m in ENCODINGS]
    if encoded or "base64" in modifiers or "base64offset" in modifiers:
        data = text.encode(ENCODINGS[encoded[0]] if encoded else "utf-8")
        if "utf16" in modifiers:
            data = b"\xff\xfe" + data
        if "base64offset" in modifiers:
            texts = offsets(data)
        elif "base64" in modifiers:
            texts = [base64.b64encode(data).decode()]
        else:
            texts = [data.decode("latin-1")]
        patterns = [placed(re.escape(t), modifiers) for t in texts]
    elif "windash" in modifiers:
        some_dash = "[%s]" % re.escape(DASHES)
        pieces = "".join("\0" if opens else c for c, opens in dashed(text))
        patterns = [glob(pieces, modifiers).replace(re.escape("\0"), some_dash).replace("\0", some_dash)]
    else:
        patterns = [glob(text, modifiers)]
    compiled = [re.compile(p, flags) for p in patterns]
    return lambda value, event: any(c.fullmatch(value) for c in compiled)


def compile_regex(pattern, modifiers):
    flags = 0
    for letter, flag in (("i", re.I), ("m", re.M), ("s", re.S)):
        flags |= flag if letter in modifiers else 0
    try:
        compiled = re.compile(pattern, flags)
    except re.error as error:
        raise Refused(f"regular expression: {error}") from None
    return lambda value, event: compiled.search(value) is not None


def compile_reference(name, modifiers):
    fold = (lambda t: t) if "cased" in modifiers else str.lower

    def same(value, other):
        if "contains" in modifiers:
            return other in value
        if "startswith" in modifiers:
            return value.startswith(other)
        if "endswith" in modifiers:
            return value.endswith(other)
        return value == other

    return lambda value, event: any(same(fold(value), fold(other)) for other in texts(event.get(name, [])))


def time_part(text, part):
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?", text)
    if not found:
        return None
    year, month, day, hour, minute = (int(x or 0) for x in found.groups())
    if part == "week":
        return datetime.date(year, month, day).isocalendar()[1]
    return {"year": year, "month": month, "day": day, "hour": hour, "minute": minute}[part]


def compile_number(value, modifiers):
    want = number(value)
    if want is None:
        raise Refused(f"{value!r} is no number")
    parts = [m for m in modifiers if m in TIME_PARTS]
    compare = next((ORDER[m] for m in modifiers if m in ORDER), lambda have, wanted: have == wanted)

    def holds(text, event):
        have = time_part(text, parts[0]) if parts else number(text)
        return have is not None and compare(have, want)

    return holds


def compile_network(text):
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise Refused(f"address range: {error}") from None

    def inside(value, event):
        try:
            return ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return inside


def compile_value(value, modifiers):
    """A function of (the field's text, the event). Nulls and `exists` are judged by Item, which sees absence."""
    if "re" in modifiers:
        return compile_regex(str(value), modifiers)
    if "cidr" in modifiers:
        return compile_network(str(value))
    if "fieldref" in modifiers:
        return compile_reference(str(value), modifiers)
    if (set(ORDER) | TIME_PARTS) & set(modifiers):
        return compile_number(value, modifiers)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return compile_text(text, modifiers)


# -- items: a field and what is asked of it

def texts(value):
    """A field may stand in an event more than once: unnamed data do."""
    return value if isinstance(value, list) else [value]


def check_chain(modifiers, values):
    unknown = [m for m in modifiers if m not in MODIFIERS]
    if unknown:
        raise Refused(f"unknown modifier {unknown[0]}")
    if {"i", "m", "s"} & set(modifiers) and "re" not in modifiers:
        raise Refused("i, m and s follow re")
    if "exists" in modifiers and not all(isinstance(v, bool) for v in values):
        raise Refused("exists needs true or false")
    if not values:
        raise Refused("a list without values")
    if len(values) > 1 and None in values:
        raise Refused("null in a list of values")
    if None in values and set(modifiers) - {"neq"}:
        raise Refused("null and a modifier that asks for a value")


def expand(values, placeholders):
    """Each value with its %placeholders% replaced by every value they stand for."""
    out = []
    for value in values:
        done = [""]
        for piece in re.split(r"((?<!\\)%[^%\s]+%)", str(value)):
            if piece.startswith("%") and piece.endswith("%") and len(piece) > 2:
                if piece[1:-1] not in placeholders:
                    raise Refused(f"no values for the placeholder {piece}")
                choices = placeholders[piece[1:-1]]
            else:
                choices = [piece.replace("\\%", "%")]
            done = [a + b for a in done for b in choices]
        out += done
    return out


def item(key, value, placeholders):
    """(event) -> bool for `field|modifiers: value`."""
    field, *modifiers = str(key).split("|")
    values = value if isinstance(value, list) else [value]
    if any(isinstance(v, (list, dict)) for v in values):
        raise Refused("lists and maps are no values")
    check_chain(modifiers, values)
    if "expand" in modifiers:
        values = expand(values, placeholders)
    if "exists" in modifiers:
        return lambda event: all((field in event) == v for v in values)
    if values == [None]:
        return lambda event: (not event.get(field)) != ("neq" in modifiers)
    if not field and not {"re", "startswith", "endswith"} & set(modifiers):
        modifiers = modifiers + ["contains"]
    tests = [compile_value(v, modifiers) for v in values]
    combine = all if "all" in modifiers else any
    if not field:
        return lambda event: combine(any(test(text, event) for value in event.values() for text in texts(value)) for test in tests)
    wanted = "neq" not in modifiers

    def holds(event):
        value = event.get(field)
        return (value is not None and combine(any(test(text, event) for text in texts(value)) for test in tests)) == wanted

    return holds


def identifier(body, placeholders):
    """(event) -> bool for a search identifier: a map, a list of maps or of keywords, or one keyword."""
    if isinstance(body, dict):
        items = [item(k, v, placeholders) for k, v in body.items()]
        if not items:
            raise Refused("an empty search identifier")
        return lambda event: all(i(event) for i in items)
    if isinstance(body, list):
        if not body:
            raise Refused("an empty search identifier")
        parts = [identifier(x, placeholders) for x in body]
        return lambda event: any(p(event) for p in parts)
    if body is None:
        raise Refused("an empty search identifier")
    return item("", body, placeholders)


# -- conditions

TOKEN = re.compile(r"\s*(\(|\)|\||[^\s()|]+)")


class Condition:
    """or < and < not < `1 of x` < (...)."""

    def __init__(self, text, identifiers):
        self.tokens = TOKEN.findall(text)
        self.names = identifiers
        self.at = 0
        self.tree = self.either()
        if self.at != len(self.tokens):
            raise Refused(f"condition: {self.tokens[self.at]!r} is not expected")

    def peek(self):
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def take(self):
        if self.at == len(self.tokens):
            raise Refused("condition: ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def chain(self, word, part, combine):
        parts = [part()]
        while self.peek() == word:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else lambda event: combine(p(event) for p in parts)

    def either(self):
        return self.chain("or", self.both, any)

    def both(self):
        return self.chain("and", self.negated, all)

    def negated(self):
        turns = 0
        while self.peek() == "not":
            self.take()
            turns += 1
        inner = self.term()
        return inner if turns % 2 == 0 else lambda event: not inner(event)

    def term(self):
        word = self.take()
        if word == "(":
            inner = self.either()
            if self.take() != ")":
                raise Refused("condition: a bracket is not closed")
            return inner
        if self.peek() == "of":
            return self.some_of(word.lower())
        if word in (")", "|") or word.lower() in ("and", "or", "not", "of"):
            raise Refused(f"condition: {word!r} is not expected")
        if word not in self.names:
            raise Refused(f"condition: no search identifier {word}")
        return self.names[word]

    def some_of(self, count):
        self.take()
        pattern = self.take()
        if pattern.lower() == "them":
            chosen = [f for n, f in self.names.items() if not n.startswith("_")]
        else:
            wanted = re.compile(re.escape(pattern).replace(r"\*", ".*"))
            chosen = [f for n, f in self.names.items() if wanted.fullmatch(n)]
        if not chosen:
            raise Refused(f"condition: nothing is called {pattern}")
        if count != "all" and count != "any" and not count.isdigit():
            raise Refused(f"condition: {count!r} of")
        least = len(chosen) if count == "all" else 1 if count == "any" else int(count)
        return lambda event: sum(f(event) for f in chosen) >= least


class Rule:
    def __init__(self, document, placeholders=None):
        self.document = document
        self.id = str(document.get("id", ""))
        self.name = str(document.get("name", ""))
        self.title = str(document.get("title", ""))
        self.logsource = {k: str(v).lower() for k, v in (document.get("logsource") or {}).items()}
        self.correlation = document.get("correlation")
        self.filter = document.get("filter")
        body = self.filter or document.get("detection")
        if not self.title:
            raise Refused("no title")
        if self.correlation:
            return
        if not isinstance(body, dict):
            raise Refused("no detection")
        if not {"product", "category", "service"} & set(self.logsource):
            raise Refused("no log source")
        if "condition" not in body:
            raise Refused("no condition")
        self.names = {n: identifier(b, placeholders or {})
                      for n, b in body.items() if n not in ("condition", "timeframe") and not (self.filter and n == "rules")}
        conditions = body["condition"] if isinstance(body["condition"], list) else [body["condition"]]
        self.conditions = [Condition(str(c), self.names).tree for c in conditions]

    def matches(self, event):
        return any(condition(event) for condition in self.conditions)


def read(text, placeholders=None):
    """(rules, refusals) of a text of one or more documents; a refusal is (title, reason)."""
    rules, refusals = [], []
    try:
        for document in yaml.load_all(text, Loader):
            if document is None:
                continue
            try:
                if not isinstance(document, dict):
                    raise Refused("no map")
                rules.append(Rule(document, placeholders))
            except Refused as refused:
                refusals.append((str(document.get("title", "")) if isinstance(document, dict) else "", str(refused)))
    except (Refused, yaml.YAMLError) as fault:  # of the YAML: what stands behind it cannot be read
        refusals.append(("", str(fault)))
    return rules, refusals
