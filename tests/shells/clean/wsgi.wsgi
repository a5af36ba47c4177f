import subprocess, json
from urllib.parse import parse_qs
def application(env, start):
    q = parse_qs(env.get("QUERY_STRING", ""))
    rev = subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip()
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"rev": rev, "echo": q.get("e", [""])[0]}).encode()]
