<?php
$secret = getenv('HOOK_SECRET');
$body = file_get_contents('php://input');
$sig = 'sha256=' . hash_hmac('sha256', $body, $secret);
if (!hash_equals($sig, $_SERVER['HTTP_X_HUB_SIGNATURE_256'] ?? '')) { http_response_code(403); exit; }
$p = json_decode($body, true);
if ($p['ref'] === 'refs/heads/main') echo shell_exec('cd /srv/www && git pull --ff-only 2>&1');
