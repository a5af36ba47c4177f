<?php
// status.php - what is installed on this server? For us admins only.
$allowed_ips = array('127.0.0.1', '::1', '192.168.20.11', '192.168.20.12');
$users = array(
    'martin' => '$2y$10$uIP2x3Wq1v0yZ2F4b0gWme9Z2b9w2kq9V8a0xE4M9sC5n1b6Tq8Ku',
    'petra'  => '$2y$10$k0Wv9bS8nQ3t5Lz7M1yQxO3kT5u7R9vWcXeZgBiDlFnHpJrLtNvPq',
);

if (!in_array($_SERVER['REMOTE_ADDR'], $allowed_ips, true)) {
    header('HTTP/1.0 404 Not Found');
    exit;
}
$u = isset($_SERVER['PHP_AUTH_USER']) ? $_SERVER['PHP_AUTH_USER'] : '';
$p = isset($_SERVER['PHP_AUTH_PW']) ? $_SERVER['PHP_AUTH_PW'] : '';
if (!isset($users[$u]) || !password_verify($p, $users[$u])) {
    header('WWW-Authenticate: Basic realm="status"');
    header('HTTP/1.0 401 Unauthorized');
    exit('Login please.');
}

$what = isset($_GET['what']) ? $_GET['what'] : 'summary';

if ($what == 'info') {
    phpinfo(INFO_GENERAL | INFO_CONFIGURATION | INFO_MODULES);
    exit;
}
if ($what == 'opcache' && function_exists('opcache_get_status')) {
    header('Content-Type: text/plain');
    print_r(opcache_get_status(false));
    exit;
}
if ($what == 'clear' && $_SERVER['REQUEST_METHOD'] == 'POST') {
    opcache_reset();
    apcu_clear_cache();
    header('Location: ?what=summary');
    exit;
}

function cmd_line($c) {
    $l = trim((string) @shell_exec($c));
    return $l === '' ? '-' : $l;
}

$rows = array();
$rows['PHP']            = PHP_VERSION . ' (' . PHP_SAPI . ')';
$rows['System']         = php_uname('s') . ' ' . php_uname('r');
$rows['Uptime']         = cmd_line('uptime -p');
$rows['Load']           = implode(' ', sys_getloadavg());
$rows['Who runs PHP']   = get_current_user() . ' / ' . cmd_line('id -un');
$rows['Disk /']         = round(disk_free_space('/') / 1e9, 1) . ' GB free of ' . round(disk_total_space('/') / 1e9, 1);
$rows['ImageMagick']    = cmd_line('convert -version | head -1');
$rows['MySQL client']   = cmd_line('mysql --version');
$rows['disabled']       = ini_get('disable_functions') ?: 'nothing';
$rows['open_basedir']   = ini_get('open_basedir') ?: 'not set';
$rows['upload limit']   = ini_get('upload_max_filesize') . ' / post ' . ini_get('post_max_size');
$rows['cron jobs']      = cmd_line('crontab -l | grep -v "^#"');

foreach (array('gd', 'mbstring', 'intl', 'curl', 'zip', 'pdo_mysql', 'ldap', 'soap') as $ext) {
    $rows["ext/$ext"] = extension_loaded($ext) ? phpversion($ext) : 'MISSING';
}
?>
<html><head><title>status of <?php echo htmlspecialchars(gethostname()); ?></title></head><body>
<p><a href="?what=info">phpinfo</a> | <a href="?what=opcache">opcache</a></p>
<form method="post" action="?what=clear"><button>clear caches</button></form>
<table border="1" cellpadding="4">
<?php foreach ($rows as $k => $v) echo '<tr><th align="left">', $k, '</th><td><pre>', htmlspecialchars($v), '</pre></td></tr>'; ?>
</table></body></html>
