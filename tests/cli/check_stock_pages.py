"""The pages of 108 builds of Exchange, as a server with them would be listed, give no finding; one page with other bytes, and one that
no build has, give one each. usage: check_stock_pages.py ASCRIBE ROOT. Exit code 77: the list is not there, skipped."""
import csv, gzip, json, os, pathlib, subprocess, sys, tempfile

ascribe, root = sys.argv[1:]
evidence = pathlib.Path(os.environ.get("ASCRIBE_EVIDENCE", f"{root}/../shared/evidence"))
pages = evidence.parent / "knowledge/exchange/baselines/exchange_stock_webcode_sha256.tsv.gz"
if not pages.exists():
    print(f"skipped: no list of stock pages at {pages}")
    sys.exit(77)

SERVER = "C:\\Program Files\\Microsoft\\Exchange Server\\V15"
stock = [line.rstrip("\n").split("\t") for line in gzip.open(pages, "rt", encoding="utf-8")]
builds = {build for _, build, _ in stock}
assert len(builds) == 108 and len(stock) > 3000, (len(builds), len(stock))


def findings(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "listing.csv"
        with path.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["FullName", "Length", "CreationTimeUtc", "LastWriteTimeUtc", "SHA256"])
            writer.writerows([SERVER + page, 1000, "2020-01-01 00:00:00", "2020-01-01 00:00:00", digest] for digest, page in rows)
        told = json.loads(subprocess.run([ascribe, "investigate", path, "--json"], capture_output=True, check=False).stdout)
    assert told["accounting"][0]["records"] == len(rows) and told["accounting"][0]["bad"] == 0, told["accounting"]
    return told["findings"]


clean = findings([(digest, page) for digest, _, page in stock])
assert not clean, [finding.get("detector") for finding in clean]
for page in ("\\FrontEnd\\HttpProxy\\owa\\auth\\logon.aspx", "\\FrontEnd\\HttpProxy\\owa\\auth\\log0n.aspx"):
    changed = findings([("d" * 64, page)])
    assert len(changed) == 1, (page, [finding.get("detector") for finding in changed])
print(f"{len(stock)} stock pages of {len(builds)} builds: no finding")
