"""Which events a rule speaks of and what its fields are called there, by the product's own table (intel/mappings), for judge.py.

An event is a dict of texts: named data under their names, columns (docs/records.md) behind an @, and its kind under "record".
"""
import pathlib

import yaml

import judge

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A level may be named by its number or its word.
LEVELS = dict(zip("012345", ("Information", "Critical", "Error", "Warning", "Information", "Verbose")))
# Columns of a Windows event by the names that log shippers have for them.
SHIPPED = {"EventID": "@event_id", "Channel": "@channel", "SourceName": "@provider", "Computer": "@computer", "Level": "@level",
           "EventRecordID": "@record_id", "UserID": "@user", "Message": "@message"}


def shipped(event):
    """A flat JSON event as a log has it: every value a text, and what is null is not there."""
    def text(value):
        return [text(v) for v in value] if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)

    return {SHIPPED.get(name, name.replace(" ", "")): text(value) for name, value in event.items() if value is not None}


class Source:
    def __init__(self, record, fields, entry):
        self.record = record
        self.of = {key: str(entry.get(key, "")).lower() for key in ("product", "category", "service")}
        self.names = [str(entry.get("channel", ""))]  # as written
        self.channel = self.names[0].lower()
        self.ids = {str(i) for i in entry.get("ids", [])}
        self.fields = {**fields, **entry.get("fields", {})}
        self.scan = entry.get("level") == "scan"

    def speaks_of(self, logsource):
        wanted = {key: logsource.get(key, "") for key in self.of}
        same_service = self.of["service"] == wanted["service"] or (not self.of["service"] and self.of["category"])
        return (self.of["category"] == wanted["category"] and self.of["product"] in ("", wanted["product"])
                and bool(same_service))

    def holds(self, event):
        return (event.get("record", "windows_event") == self.record
                and self.channel in ("", event.get("@channel", "").lower())
                and (not self.ids or event.get("@event_id") in self.ids))


def read(*files):
    """The sources of the mapping files, those compiled in when none are named."""
    sources = []
    for file in files or sorted((ROOT / "intel/mappings").glob("*.yml")):
        for document in yaml.load_all(pathlib.Path(file).read_text(encoding="utf-8"), judge.Loader):
            fields = document.get("fields", {})
            sources += [Source(document["record"], fields, entry) for entry in document["sources"]]
    return sources


class View:
    """An event under the names of a rule's log source."""

    def __init__(self, event, source):
        self.event, self.source = event, source

    def get(self, name, otherwise=None):
        name = self.source.fields.get(name, name)
        if name == "@uri":
            stem, query = self.event.get("@stem"), self.event.get("@query")
            return otherwise if stem is None else stem if query is None else [f"{stem}?{query}", query]
        if name == "@agent":
            return self.event["@user_agent"].replace("+", " ") if "@user_agent" in self.event else otherwise
        if name == "@level" and self.event.get(name) in LEVELS:
            return [self.event[name], LEVELS[self.event[name]]]
        return self.event.get(name if name.startswith("@") else name.replace(" ", ""), otherwise)

    def __contains__(self, name):
        return self.get(name) is not None

    def values(self):
        return [value for key, value in self.event.items() if key not in ("record", "time")]


def views(rule, event, sources):
    return [View(event, s) for s in sources if s.speaks_of(rule.logsource) and s.holds(event)]


def match(rule, event, sources):
    """The event as the rule sees it, when the rule matches; else None."""
    return next((view for view in views(rule, event, sources) if rule.matches(view)), None)
