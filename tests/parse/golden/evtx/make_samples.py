"""Builds the EVTX samples beside it, from nothing: python3 make_samples.py. Four events by way of a template with its definition
inline, the same template again, a fragment without template (as forwarded logs have), and unnamed data in an array."""
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
FILETIME = 132601596119400000  # 2021-03-14T01:40:11.94Z
STRING, UINT8, UINT16, UINT32, UINT64, GUID, FILE_TIME, SID, HEX64, BINXML = 1, 4, 6, 8, 10, 15, 17, 19, 21, 33


def name_hash(text):
    value = 0
    for unit in text:
        value = (value * 65599 + ord(unit)) & 0xFFFFFFFF
    return value & 0xFFFF


class Chunk:
    def __init__(self):
        self.bytes = bytearray(512)
        self.names, self.template, self.id = {}, None, 0

    def put(self, form, *values):
        self.bytes += struct.pack("<" + form, *values)

    def patch(self, at, value):
        struct.pack_into("<I", self.bytes, at, value)

    def name(self, text):
        """The offset of a name, with the name itself where it is new."""
        if text in self.names:
            return self.put("I", self.names[text])
        at = self.names[text] = len(self.bytes) + 4
        self.put("I", at)
        self.put("IHH", 0, name_hash(text), len(text))
        self.bytes += text.encode("utf-16-le") + b"\0\0"

    def text(self, text):
        self.put("BBH", 5, STRING, len(text))
        self.bytes += text.encode("utf-16-le")

    def content(self, content):
        if isinstance(content, int):  # a substitution
            self.put("BHB", 0x0E, content, 0)
        elif content is not None:
            self.text(content)

    def element(self, name, content=None, attributes=(), children=(), template=True):
        self.put("B", 0x41 if attributes else 1)
        if template:
            self.put("H", 0xFFFF)
        size_at = len(self.bytes)
        self.put("I", 0)
        self.name(name)
        if attributes:
            list_at = len(self.bytes)
            self.put("I", 0)
            for number, (key, value) in enumerate(attributes, 1):
                self.put("B", 6 if number == len(attributes) else 0x46)  # more follow
                self.name(key)
                self.content(value)
            self.patch(list_at, len(self.bytes) - list_at - 4)
        if content is None and not children:
            self.put("B", 3)
        else:
            self.put("B", 2)
            self.content(content)
            for child in children:
                self.element(*child, template=template) if isinstance(child, tuple) else self.element(template=template, **child)
            self.put("B", 4)
        self.patch(size_at, len(self.bytes) - size_at - 4)

    def instance(self, values):
        """A template instance: its definition where it is the first, then the values."""
        self.put("BBI", 0x0C, 1, 0x03020100)  # the first quarter of the GUID
        if self.template is None:
            self.template = len(self.bytes) + 4
            self.put("II16s", self.template, 0, bytes(range(16)))
            size_at = len(self.bytes)
            self.put("I", 0)
            self.put("BBBB", 0x0F, 1, 1, 0)
            self.element("Event", children=[
                dict(name="System", children=[
                    ("Provider", None, [("Name", "Microsoft-Windows-Sysmon"), ("Guid", 0)]), ("EventID", 1), ("Level", 2),
                    ("Keywords", 3), ("TimeCreated", None, [("SystemTime", 4)]), ("EventRecordID", 5),
                    ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("Computer", "EX1.example.test"),
                    ("Security", None, [("UserID", 6)])]),
                dict(name="EventData", children=[
                    ("Data", 7, [("Name", "Image")]), ("Data", 8, [("Name", "ProcessId")]), ("Data", 9, [("Name", "Absent")])])])
            self.put("B", 0)
            self.patch(size_at, len(self.bytes) - size_at - 4)
        else:
            self.put("I", self.template)
        self.put("I", len(values))
        for kind, raw in values:
            self.put("HBB", len(raw), kind, 0)
        for _, raw in values:
            self.bytes += raw
        self.put("B", 0)

    def record(self, write):
        self.id += 1
        start = len(self.bytes)
        self.put("IIQQ", 0x2A2A, 0, self.id, FILETIME + self.id * 10_000_000)
        self.put("BBBB", 0x0F, 1, 1, 0)
        write()
        self.bytes += bytes(-(len(self.bytes) + 4) % 8)
        size = len(self.bytes) + 4 - start
        self.put("I", size)
        self.patch(start + 4, size)
        self.last = start

    def finish(self):
        free = len(self.bytes)
        header = struct.pack("<8sQQQQIIII", b"ElfChnk\0", 1, self.id, 1, self.id, 128, self.last, free, zlib.crc32(self.bytes[512:]))
        self.bytes[: len(header)] = header
        self.patch(124, zlib.crc32(self.bytes[:120] + self.bytes[128:512]))
        return bytes(self.bytes).ljust(65536, b"\0")


def sysmon(chunk, image, pid):
    sid = struct.pack("<BB6sI", 1, 1, bytes([0, 0, 0, 0, 0, 5]), 18)
    chunk.instance([
        (GUID, bytes(range(16))), (UINT16, struct.pack("<H", 1)), (UINT8, b"\4"), (HEX64, struct.pack("<Q", 1 << 63)),
        (FILE_TIME, struct.pack("<Q", FILETIME + chunk.id * 10_000_000)), (UINT64, struct.pack("<Q", chunk.id)), (SID, sid),
        (STRING, image.encode("utf-16-le")), (UINT32, struct.pack("<I", pid)), (0, b"")])


def forwarded(chunk):
    chunk.element("Event", template=False, children=[
        dict(name="System", children=[
            ("Provider", None, [("Name", "MSExchange CmdletLogs")]), ("EventID", "1", [("Qualifiers", "16384")]),
            ("TimeCreated", None, [("SystemTime", "2021-03-14T01:40:20.5000000Z")]), ("EventRecordID", "3"),
            ("Channel", "MSExchange Management"), ("Computer", "EX2.example.test")]),
        dict(name="EventData", children=[("Data", "Set-OabVirtualDirectory"), ("Data", "")]),
        dict(name="RenderingInfo", children=[("Message", "Cmdlet succeeded.")])])
    chunk.put("B", 0)


def sample():
    chunk = Chunk()
    chunk.record(lambda: sysmon(chunk, r"C:\Windows\System32\inetsrv\w3wp.exe", 4711))
    chunk.record(lambda: sysmon(chunk, r"C:\Windows\System32\cmd.exe", 4712))
    chunk.record(lambda: forwarded(chunk))
    head = struct.pack("<8sQQQIHHHH76xI", b"ElfFile\0", 0, 0, chunk.id + 1, 128, 1, 3, 4096, 1, 0)
    return (head + struct.pack("<I", zlib.crc32(head[:120]))).ljust(4096, b"\0"), chunk.finish(), chunk.last


def write(name, why, data):
    lines = [data[at : at + 64].hex() for at in range(0, len(data), 64)]
    (HERE / f"{name}.in.hex").write_text(f"# {why} Written by make_samples.py.\n" + "\n".join(lines) + "\n")


head, chunk, last = sample()
write("three-events", "A log of three events.", head + chunk)
older = bytearray(chunk)
second = chunk.index(b"**\0\0", 516)
older[48:52] = struct.pack("<I", second)  # the log counts its first event only; the second's number does not follow
older[24:32] = older[32:40] = struct.pack("<Q", 1)
older[second + 8 : second + 16] = struct.pack("<Q", 900)
older[52:56] = struct.pack("<I", zlib.crc32(older[512:second]))
older[124:128] = struct.pack("<I", zlib.crc32(older[:120] + older[128:512]))
write("damaged-older-events-in-slack", "A log of one event, behind which two older ones are left, cut behind them.", head + bytes(older[:8192]))
bent = bytearray(chunk)
bent[last + 4 : last + 8] = b"\0\0\0\0"
write("damaged-size", "The same, cut behind the last record, whose size is zero, and without the file's header.", bytes(4096) + bytes(bent[:2560]))
bent = bytearray(chunk[:2560])
bent[:8] = bytes(8)
bent[512 + 60] ^= 0xFF
write("damaged-magic", "The same with a chunk header that lost its magic, and a token of the first record bent.", head + bytes(bent))
