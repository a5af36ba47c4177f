<?php
header("Content-Type: application/json");
$in = json_decode(file_get_contents("php://input"), true);
$secret = getenv("WEBHOOK_SECRET");
if (!hash_equals("sha256=" . hash_hmac("sha256", file_get_contents("php://input"), $secret), $_SERVER["HTTP_X_HUB_SIGNATURE_256"] ?? "")) { http_response_code(403); exit; }
if (($in["ref"] ?? "") === "refs/heads/main") { exec("cd /srv/site && git pull --ff-only 2>&1", $o, $rc); file_put_contents("/var/log/deploy.log", implode("\n", $o) . "\n", FILE_APPEND); }
echo json_encode(["rc" => $rc ?? 0]);
