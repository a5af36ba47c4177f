#!/usr/bin/env python3
import os, json, base64, hmac
from http import cookies
c = cookies.SimpleCookie(os.environ.get("HTTP_COOKIE", ""))
s = json.loads(base64.b64decode(c["s"].value)) if "s" in c else {}
print("Content-type: text/plain\n")
print("hello", s.get("name", "guest"))
