"""Correlations and global filters, as judge.py understands them: by trying every window.

A window is all events of a group from one event to the end of the time span; a window within a larger one does not count, so that
`lt` and `eq` speak of everything that happened in the span, and not of a part of it that one could cut out.

https://github.com/SigmaHQ/sigma-specification: sigma-correlation-rules-specification.md, sigma-filters-specification.md (2.1.0)
"""
import copy
import datetime
import re

import judge
import sources

TYPES = {"event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median"}
COMPARE = {**judge.ORDER, "eq": lambda have, want: have == want, "neq": lambda have, want: have != want}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def names(rule):
    return {rule.id, rule.name, rule.title} - {""}


def filtered(rules):
    """The detections, each with the conditions of the global filters that name it: both must hold, so a filter says `not`."""
    filters = [r for r in rules if r.filter]
    out = []
    for rule in rules:
        if rule.filter or rule.correlation:
            continue
        rule = copy.copy(rule)
        for extra in filters:
            wanted = extra.filter.get("rules", "any")
            wanted = set(wanted) if isinstance(wanted, list) else {wanted}
            if ("any" in wanted or names(rule) & wanted) and extra.logsource.items() <= rule.logsource.items():
                rule.conditions = [lambda e, c=c, f=extra.matches: c(e) and f(e) for c in rule.conditions]
        out.append(rule)
    counted = {name for r in rules if r.correlation and not r.correlation.get("generate") for name in r.correlation["rules"]}
    return [r for r in out if not names(r) & counted], out


def check(rules):
    """Refuses correlations that cannot work."""
    known = {name: rule for rule in rules for name in names(rule)}
    for rule in rules:
        body = rule.correlation
        if not body:
            continue
        kind, condition = body.get("type"), body.get("condition") or {}
        if kind not in TYPES:
            raise judge.Refused(f"correlation type {kind}")
        seconds(body.get("timespan"))
        for name in body["rules"]:
            if name not in known:
                raise judge.Refused(f"no rule {name}")
        if not kind.startswith("temporal") and not set(condition) & set(COMPARE):
            raise judge.Refused("no condition")
        if kind.startswith("value") and "field" not in condition:
            raise judge.Refused("no field")
        if kind == "temporal_ordered" and condition:
            least = [n for n in range(len(body["rules"]) + 1) if compare(n, condition)]
            if least != [len(body["rules"])]:
                raise judge.Refused("a part of an order")
        reached, rest = set(), list(body["rules"])
        while rest:
            inner = known.get(rest.pop())
            if inner is rule:
                raise judge.Refused("a correlation that counts itself")
            if inner and inner.correlation and inner not in reached:
                reached.add(inner)
                rest += inner.correlation["rules"]


def seconds(text):
    found = re.fullmatch(r"(\d+)([smhd])", str(text))
    if not found:
        raise judge.Refused(f"timespan {text}")
    return int(found[1]) * SECONDS[found[2]]


def moment(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


class Correlator:
    def __init__(self, rules, events, table):
        self.table = table
        self.rules = {name: rule for rule in rules for name in names(rule)}
        self.events = events
        _, detections = filtered(rules)
        self.detections = {name: rule for rule in detections for name in names(rule)}

    def field(self, correlation, rule, name):
        aliases = (correlation.get("aliases") or {}).get(name)
        if aliases is None:
            return name
        return next((field for key, field in aliases.items() if key in names(rule)), None)

    def marks(self, correlation, name):
        """(time, event, rule, what was hit) of what a rule or a correlation named found; a correlation's time is its last event's."""
        if name in self.detections:
            rule = self.detections[name]
            found = ((n, e, sources.match(rule, e, self.table)) for n, e in enumerate(self.events))
            return [(moment(event), view, rule, n) for n, event, view in found if view]
        inner = self.rules[name]
        return [(window[-1][0], window[-1][1], inner, object()) for _, window in self.windows(inner.correlation)]

    def groups(self, correlation):
        groups = {}
        for name in correlation["rules"]:
            if name not in self.rules:
                raise judge.Refused(f"no rule {name}")
            for time, event, rule, what in self.marks(correlation, name):
                keys = [self.field(correlation, rule, g) for g in correlation.get("group-by") or []]
                values = tuple(event.get(k) for k in keys)
                if None not in values:
                    groups.setdefault(values, []).append((time, event, rule, name, what))
        return groups

    def windows(self, correlation):
        """(group, events) of every window that fulfils the correlation."""
        span = seconds(correlation["timespan"])
        for group, marks in self.groups(correlation).items():
            marks.sort(key=lambda mark: mark[0])
            last_end = 0
            for begin in range(len(marks)):
                end = max(i for i in range(len(marks)) if marks[i][0] <= marks[begin][0] + span) + 1
                if end == last_end:
                    continue
                last_end = end
                if self.holds(correlation, marks[begin:end]):
                    yield group, marks[begin:end]

    def holds(self, correlation, window):
        kind, condition = correlation["type"], dict(correlation.get("condition") or {})
        field, percentile = condition.pop("field", None), float(condition.pop("percentile", 50))
        if not kind.startswith("temporal"):  # an event is counted once, however many of the rules it hits
            window = list({mark[4]: mark for mark in window}.values())
        seen = [mark[3] for mark in window]
        if kind == "temporal_ordered":
            return in_order(seen, correlation["rules"])
        if kind == "temporal":
            condition = condition or {"gte": len(set(correlation["rules"]))}
            return compare(len(set(seen)), condition)
        if kind == "event_count":
            return compare(len(window), condition)
        fields = field if isinstance(field, list) else [field]
        values = [tuple(e.get(self.field(correlation, r, f)) for f in fields) for _, e, r, _, _ in window]
        values = [v for v in values if None not in v]
        if kind == "value_count":
            return compare(len({tuple(x.lower() for x in v) for v in values}), condition)
        numbers = sorted(n for n in (judge.number(v[0]) for v in values) if n is not None)
        if not numbers:
            return False
        if kind == "value_sum":
            return compare(sum(numbers), condition)
        if kind == "value_avg":
            return compare(sum(numbers) / len(numbers), condition)
        rank = max(1, -(-len(numbers) * percentile // 100))  # the smallest value that so many percent do not exceed
        return compare(numbers[int(rank) - 1], condition)


def compare(have, condition):
    return all(COMPARE[word](have, float(want)) for word, want in condition.items())


def in_order(seen, wanted):
    rest = iter(seen)
    return all(any(name == found for found in rest) for name in wanted)


def alerts(rules, events, table):
    """"title | group" of every correlation that holds for a group, except of those that only another correlation counts."""
    correlator = Correlator(rules, events, table)
    inner = {name for r in rules if r.correlation for name in r.correlation["rules"]}
    found = set()
    for rule in rules:
        if rule.correlation and not names(rule) & inner:
            found |= {f"{rule.title} | {', '.join(group)}" for group, _ in correlator.windows(rule.correlation)}
    return found
