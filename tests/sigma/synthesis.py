"""Events made from a rule: one that must hit and one that just misses, by solving the rule's own condition.

The condition is solved for a choice of search identifiers that must hold; what they ask of each field is put together into one
value; the judge then says whether the event really hits. Where it does not, the next choice is tried. A miss is the hit with
one field changed, so that it misses by as little as we can make it.
"""
import base64
import ipaddress
import itertools
import re
import string
from re import _constants as op
from re import _parser as regex_parser

import judge

TRIES = 600  # events tried for a rule and an event id before we say that none can be made
SETS = 12  # ways to fulfil a condition that are tried
COMBINATIONS = 4_000  # sets of search identifiers looked at for them


# -- a text that a regular expression finds

def category(code):
    return {op.CATEGORY_DIGIT: "7", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "w", op.CATEGORY_NOT_DIGIT: "d",
            op.CATEGORY_NOT_SPACE: "s", op.CATEGORY_NOT_WORD: "-"}[code]


def one_of(choices):
    negated, listed = False, []
    for kind, value in choices:
        if kind is op.NEGATE:
            negated = True
        elif kind is op.LITERAL:
            listed.append(chr(value))
        elif kind is op.RANGE:
            listed += [chr(c) for c in range(value[0], value[1] + 1)]
        elif kind is op.CATEGORY:
            listed.append(category(value))
    if not negated:
        return listed[0]
    pattern = re.compile("[" + re.escape("".join(listed)) + "]", re.I)
    return next(c for c in string.ascii_letters + string.digits + "-_. ;" if not pattern.match(c))


def sample(tree, groups):
    out = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            out += chr(value)
        elif kind is op.NOT_LITERAL:
            out += "x" if value != ord("x") else "y"
        elif kind is op.ANY:
            out += "x"
        elif kind is op.IN:
            out += one_of(value)
        elif kind is op.BRANCH:
            out += sample(value[1][0], groups)
        elif kind is op.SUBPATTERN:
            inner = sample(value[-1], groups)
            groups[value[0]] = inner
            out += inner
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, _, inner = value
            out += "".join(sample(inner, groups) for _ in range(least))
        elif kind is op.GROUPREF:
            out += groups.get(value, "")
        elif kind is op.ASSERT and value[0] > 0:
            out += sample(value[1], groups)
    return out


def found_by(pattern):
    return sample(regex_parser.parse(pattern), {})


# -- what a condition asks

def unescaped(text):
    """The shortest text that a pattern matches."""
    out, i = "", 0
    while i < len(text):
        if text[i] == "\\" and text[i + 1:i + 2] in ("*", "?", "\\") and i + 1 < len(text):
            i += 1
            out += text[i]
        elif text[i] == "?":
            out += "x"
        elif text[i] != "*":
            out += text[i]
        i += 1
    return out or ("x" if text else "")


class Want:
    """What is asked of one field: a whole value, a beginning, an end, parts; or that it is not there."""

    def __init__(self):
        self.whole, self.start, self.parts, self.end, self.absent = None, "", [], "", False

    def value(self, joint):
        """`joint` stands between parts and, doubled, before the first and after the last."""
        if self.whole is not None:
            return self.whole
        parts = [p for p in self.parts if p not in self.start and p not in self.end]
        parts = [p for i, p in enumerate(parts) if not any(p in q and p != q for q in parts) and p not in parts[:i]]
        edge = joint if len(joint) > 1 else ""
        return self.start + (edge if not self.start else "") + joint.join(parts) + (edge if not self.end else "") + self.end

    def add(self, text, modifiers):
        if "contains" in modifiers:
            self.parts.append(text)
        elif "startswith" in modifiers:
            self.start = text if len(text) > len(self.start) else self.start
        elif "endswith" in modifiers:
            self.end = text if len(text) > len(self.end) else self.end
        else:
            self.whole = text


def encoded(text, modifiers):
    encoding = next((judge.ENCODINGS[m] for m in modifiers if m in judge.ENCODINGS), None)
    data = unescaped(text).encode(encoding or "utf-8")
    if "utf16" in modifiers:
        data = b"\xff\xfe" + data
    if "base64" in modifiers or "base64offset" in modifiers:
        return base64.b64encode(data).decode()
    return data.decode("latin-1") if encoding else None


def ask(wants, field, modifiers, value):
    """Adds what one value asks of the field."""
    want = wants.setdefault(field, Want())
    if "exists" in modifiers:
        want.absent = not value
        if value:
            want.parts.append("x")
    elif value is None:
        want.absent = True
    elif "cidr" in modifiers:
        network = ipaddress.ip_network(str(value), strict=False)
        want.whole = str(network[min(1, network.num_addresses - 1)])
    elif "fieldref" in modifiers:
        other = wants.setdefault(str(value), Want())
        want.whole = other.whole = want.whole or other.whole or "same"
    elif "re" in modifiers:
        want.parts.append(found_by(str(value)))
    elif set(judge.ORDER) & set(modifiers):
        number = float(value)
        number += 1 if "gt" in modifiers else -1 if "lt" in modifiers else 0
        want.whole = str(int(number) if number == int(number) else number)
    elif "neq" in modifiers:
        want.whole = "different"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        plain = encoded(text, modifiers) or unescaped(text)
        want.add(plain, modifiers if field else [*modifiers, "contains"])
        # A pattern that is open at an end is no whole value: other parts may stand there.
        if want.whole == plain and text.startswith("*") or text.endswith("*") and not text.endswith("\\*"):
            if not {"contains", "startswith", "endswith"} & set(modifiers):
                want.whole = None
                want.parts.append(plain)


def choose(values, modifiers, turn):
    if "all" in modifiers:
        return values
    return [values[turn % len(values)]]


def ask_identifier(wants, body, turn):
    if isinstance(body, dict):
        for key, value in body.items():
            field, *modifiers = str(key).split("|")
            for one in choose(value if isinstance(value, list) else [value], modifiers, turn):
                ask(wants, field, modifiers, one)
    elif isinstance(body, list):
        ask_identifier(wants, body[turn % len(body)], turn)
    else:
        ask(wants, "", ["contains"], body)


# -- which search identifiers must hold

def solutions(rule):
    """At most SETS sets of identifiers that make the condition true: first the smallest, then ever larger ones."""
    body = rule.filter or rule.document["detection"]
    identifiers = [n for n in body if n not in ("condition", "timeframe", "rules")]
    conditions = body["condition"] if isinstance(body["condition"], list) else [body["condition"]]
    truth = {n: (lambda event, n=n: n in event) for n in identifiers}
    trees = [judge.Condition(str(c), truth).tree for c in conditions]

    def holds(chosen):
        return any(tree(chosen) for tree in trees)

    found = []
    # Every identifier that is no filter, less those that are not needed: the usual reading, whatever their number.
    start = [n for n in identifiers if not n.startswith("filter")]
    for name in list(start):
        if holds(set(start) - {name}):
            start.remove(name)
    if start and holds(set(start)):
        found.append(tuple(start))
    sizes = (itertools.combinations(identifiers, size) for size in range(0, len(identifiers) + 1))
    for chosen in itertools.islice(itertools.chain.from_iterable(sizes), COMBINATIONS):
        if holds(set(chosen)) and chosen not in found:
            found.append(chosen)
        if len(found) == SETS:
            break
    return found


def assembled(wants, base, joint):
    """The event's fields, by the rule's names."""
    event = dict(base)
    for field, want in wants.items():
        if want.absent:
            event.pop(field, None)
        else:
            event[field or "Keywords"] = want.value(joint)
    return event


def fields_of(rule):
    for body in (rule.filter or rule.document["detection"]).values():
        for each in body if isinstance(body, list) else [body]:
            if isinstance(each, dict):
                yield from (str(key).split("|")[0] for key in each)


def hits(rule, joints):
    """Events by the rule's names that may hit, the simplest first. `joints` may stand between parts of a value."""
    body = rule.filter or rule.document["detection"]
    others = [f for f in dict.fromkeys(fields_of(rule)) if f]
    fillers = [{}, {f: f"x{n}" for n, f in enumerate(others)}, {f: f"192.0.2.{n}" for n, f in enumerate(others)}]
    chosen_sets = solutions(rule)
    for turn in range(40):
        for chosen, filler, joint in itertools.product(chosen_sets, fillers, joints):
            wants = {}
            for shift, name in enumerate(chosen):
                ask_identifier(wants, body[name], turn + (shift * (turn // 7)))
            yield assembled(wants, filler, joint)


def misses(event):
    """The event with one field changed, taken away or added to, the smallest changes first."""
    for field, value in event.items():
        middle = len(value) // 2
        yield {**event, field: value[:middle] + "\u00a4" + value[middle + 1:]}
        yield {**event, field: "\u00a4" + value[1:]}
        yield {**event, field: value[:-1] + "\u00a4"}
        yield {**event, field: value + "\u00a4"}
    for field in event:
        yield {k: v for k, v in event.items() if k != field}
    for kept in range(len(event)):
        yield dict(list(event.items())[:kept])
    yield {f: "" for f in event}
    yield {f: "\u00a4" for f in event}
