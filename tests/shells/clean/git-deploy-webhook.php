<?php

declare(strict_types=1);

/**
 * Deploy hook: called by the git server after a push. The request has to be signed with the
 * secret which both sides know; the branch decides which of the prepared checkouts is updated.
 */

const CHECKOUTS = [
    'refs/heads/main'    => '/srv/www/live',
    'refs/heads/staging' => '/srv/www/staging',
];

function respond(int $status, string $text): never
{
    http_response_code($status);
    header('Content-Type: text/plain; charset=utf-8');
    exit($text . "\n");
}

function header_value(string $name): string
{
    $headers = array_change_key_case(getallheaders(), CASE_LOWER);
    return $headers[strtolower($name)] ?? '';
}

function git(string $dir, string ...$arguments): string
{
    $command = ['/usr/bin/git', '-C', $dir, ...$arguments];
    $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, [
        'HOME' => '/var/lib/deploy',
        'GIT_TERMINAL_PROMPT' => '0',
    ]);
    if (!is_resource($process)) {
        throw new RuntimeException('git could not be started');
    }
    $output = stream_get_contents($pipes[1]);
    fclose($pipes[1]);
    if (($status = proc_close($process)) !== 0) {
        throw new RuntimeException("git {$arguments[0]} ended with $status: $output");
    }
    return $output;
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    respond(405, 'POST only');
}
$body = file_get_contents('php://input', length: 1 << 20);
$secret = getenv('DEPLOY_SECRET') ?: respond(500, 'not configured');
$expected = 'sha256=' . hash_hmac('sha256', $body, $secret);
if (!hash_equals($expected, header_value('X-Hub-Signature-256'))) {
    error_log('deploy: bad signature from ' . $_SERVER['REMOTE_ADDR']);
    respond(403, 'bad signature');
}
if (header_value('X-GitHub-Event') === 'ping') {
    respond(200, 'pong');
}
try {
    $push = json_decode($body, true, 64, JSON_THROW_ON_ERROR);
} catch (JsonException) {
    respond(400, 'not json');
}
$dir = CHECKOUTS[$push['ref'] ?? ''] ?? null;
if ($dir === null) {
    respond(202, 'this branch is not deployed');
}

$lock = fopen($dir . '/.deploy.lock', 'c');
if (!flock($lock, LOCK_EX | LOCK_NB)) {
    respond(409, 'a deploy is running');
}
try {
    $log = git($dir, 'fetch', '--quiet', 'origin')
         . git($dir, 'reset', '--hard', 'origin/' . basename(array_search($dir, CHECKOUTS, true)))
         . git($dir, 'log', '-1', '--format=%h %an %s');
    file_put_contents('/var/log/deploy.log', date('c ') . $dir . ' ' . $log . "\n", FILE_APPEND);
    respond(200, 'deployed');
} catch (RuntimeException $e) {
    error_log('deploy: ' . $e->getMessage());
    respond(500, 'failed, see the log');
}
