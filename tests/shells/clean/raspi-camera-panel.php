<?php
// Garden camera on the Raspberry Pi. Apache basic auth is done in the vhost,
// this is just a second check in case someone forgets it.
require 'users.php';    // $users = array('anna' => '$2y$10$...')

if (!isset($_SERVER['PHP_AUTH_USER'], $users[$_SERVER['PHP_AUTH_USER']])
    || !password_verify($_SERVER['PHP_AUTH_PW'], $users[$_SERVER['PHP_AUTH_USER']])) {
    header('WWW-Authenticate: Basic realm="Garden"');
    header('HTTP/1.0 401 Unauthorized');
    die('Login please');
}

$actions = [
    'snap'    => 'raspistill -t 800 -w 1640 -h 1232 -q 85 -o /var/www/html/cam/last.jpg',
    'lighton' => 'gpio -g write 17 1',
    'lightof' => 'gpio -g write 17 0',
    'pump'    => 'sudo /usr/local/bin/pump.sh 30',
    'motion+' => 'sudo systemctl start motion',
    'motion-' => 'sudo systemctl stop motion',
    'reboot'  => 'sudo /sbin/reboot',
];

$msg = '';
if (isset($_POST['do']) && isset($actions[$_POST['do']])) {
    $out = [];
    exec($actions[$_POST['do']] . ' 2>&1', $out, $rc);
    $msg = $rc ? 'Error: ' . implode(' ', $out) : 'OK: ' . $_POST['do'];
    file_put_contents('/var/log/garden.log', date('d.m.y H:i ') . $_SERVER['PHP_AUTH_USER'] . " {$_POST['do']} $rc\n", FILE_APPEND);
}

$temp  = round(intval(file_get_contents('/sys/class/thermal/thermal_zone0/temp')) / 1000, 1);
$light = trim(shell_exec('gpio -g read 17')) === '1';
$mot   = trim(shell_exec('systemctl is-active motion'));
$soil  = null;
foreach (glob('/sys/bus/w1/devices/28-*/w1_slave') as $sensor) {
    if (preg_match('/t=(-?\d+)/', file_get_contents($sensor), $m)) $soil = $m[1] / 1000;
}
?>
<!DOCTYPE html>
<html>
<head>
<meta name="viewport" content="width=device-width">
<title>Garden</title>
<style>body{font-family:sans-serif;background:#efe;max-width:42em;margin:auto}img{width:100%}button{font-size:1.2em;margin:.3em;padding:.5em 1em}</style>
</head>
<body>
<h1>Garden</h1>
<?php if ($msg) echo '<p><b>' . htmlspecialchars($msg) . '</b></p>'; ?>
<img src="cam/last.jpg?<?= @filemtime('cam/last.jpg') ?>">
<p>CPU <?= $temp ?> &deg;C<?php if ($soil !== null): ?>, soil <?= number_format($soil, 1) ?> &deg;C<?php endif; ?>,
light <?= $light ? 'on' : 'off' ?>, motion detection <?= htmlspecialchars($mot) ?></p>
<form method="post">
<button name="do" value="snap">Picture</button>
<button name="do" value="<?= $light ? 'lightof' : 'lighton' ?>">Light</button>
<button name="do" value="pump">Water 30 s</button>
<button name="do" value="<?= $mot == 'active' ? 'motion-' : 'motion+' ?>">Motion</button>
<button name="do" value="reboot" onclick="return confirm('Really?')">Reboot</button>
</form>
</body>
</html>
