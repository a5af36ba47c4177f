<?php
$k = "counter"; $m = new Memcached; $m->addServer("localhost", 11211); $n = $m->increment($k) ?: ($m->set($k, 1) ? 1 : 0);
setcookie("last", base64_encode(json_encode(["n" => $n, "t" => time()])), time() + 86400);
$last = json_decode(base64_decode($_COOKIE["last"] ?? ""), true); echo "Visit $n, last ", date("c", (int) ($last["t"] ?? 0));
