<?php
/**
 * Deployment hook. GitHub -> Settings -> Webhooks -> https://example.org/deploy.php
 * Content type: application/json, events: push.
 */
$config = require __DIR__ . '/../private/deploy-config.php';
// ['secret' => '...', 'repos' => ['acme/site' => ['dir' => '/srv/www/site', 'branch' => 'refs/heads/main']]]

header('Content-Type: text/plain');

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    exit("POST only\n");
}

$payload = file_get_contents('php://input');
$signature = isset($_SERVER['HTTP_X_HUB_SIGNATURE_256']) ? $_SERVER['HTTP_X_HUB_SIGNATURE_256'] : '';
$expected = 'sha256=' . hash_hmac('sha256', $payload, $config['secret']);

if (!hash_equals($expected, $signature)) {
    http_response_code(403);
    error_log('deploy: bad signature from ' . $_SERVER['REMOTE_ADDR']);
    exit("Bad signature\n");
}

$event = isset($_SERVER['HTTP_X_GITHUB_EVENT']) ? $_SERVER['HTTP_X_GITHUB_EVENT'] : '';
if ($event === 'ping') {
    exit("pong\n");
}
if ($event !== 'push') {
    exit("ignored\n");
}

$data = json_decode($payload, true);
$name = $data['repository']['full_name'];
if (!isset($config['repos'][$name])) {
    http_response_code(404);
    exit("unknown repository\n");
}
$repo = $config['repos'][$name];
if ($data['ref'] !== $repo['branch']) {
    exit("not the deployed branch\n");
}

$lock = fopen(sys_get_temp_dir() . '/deploy-' . md5($name) . '.lock', 'c');
if (!flock($lock, LOCK_EX | LOCK_NB)) {
    http_response_code(409);
    exit("already running\n");
}

$steps = [
    'git fetch --quiet origin',
    'git reset --hard FETCH_HEAD',
    'git submodule update --init --recursive',
    'composer install --no-dev --no-interaction --optimize-autoloader',
    'php bin/console cache:clear --env=prod',
];

chdir($repo['dir']);
putenv('HOME=/var/www');
putenv('COMPOSER_HOME=/var/www/.composer');
$log = '';
foreach ($steps as $step) {
    $out = [];
    exec($step . ' 2>&1', $out, $rc);
    $log .= "$ $step\n" . implode("\n", $out) . "\n";
    if ($rc !== 0) {
        http_response_code(500);
        $log .= "FAILED with exit code $rc\n";
        break;
    }
}
flock($lock, LOCK_UN);

file_put_contents(__DIR__ . '/../private/deploy.log', date('c') . " $name {$data['after']}\n$log\n", FILE_APPEND);
echo $log;
