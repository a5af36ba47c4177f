<?php
require_once 'lib/auth.php';      // redirects to login.php
require_once 'lib/format.php';
auth_require('operator');

function sh($cmd) { return trim((string)shell_exec($cmd . ' 2>/dev/null')); }

$services = array(
  'apache2' => 'Apache', 'mysql' => 'MySQL', 'postfix' => 'Postfix', 'dovecot' => 'Dovecot', 'cron' => 'Cron', 'ssh' => 'SSH',
);

if (isset($_POST['restart']) && auth_has('admin') && csrf_ok()) {
  $svc = $_POST['restart'];
  if (isset($services[$svc])) {
    exec('sudo /usr/sbin/service ' . escapeshellarg($svc) . ' restart', $o, $rc);
    audit("restart $svc rc=$rc");
  }
  header('Location: status.php');
  exit;
}

$load   = sys_getloadavg();
$uptime = sh('uptime -p');
$kernel = php_uname('s') . ' ' . php_uname('r');
$mem = array();
foreach (file('/proc/meminfo') as $line) {
  if (preg_match('/^(\w+):\s+(\d+) kB/', $line, $m)) $mem[$m[1]] = $m[2] * 1024;
}
$disks = array();
foreach (array_slice(explode("\n", sh('df -P -x tmpfs -x devtmpfs')), 1) as $line) {
  $c = preg_split('/\s+/', $line);
  $disks[] = array('dev' => $c[0], 'size' => $c[1] * 1024, 'used' => $c[2] * 1024, 'pct' => (int)$c[4], 'mnt' => $c[5]);
}
$top = sh('ps -eo pid,user,pcpu,pmem,comm --sort=-pcpu | head -n 11');
?><!DOCTYPE html>
<html><head><meta charset="utf-8"><meta http-equiv="refresh" content="60">
<title>Status <?= h(gethostname()) ?></title><link rel="stylesheet" href="css/status.css"></head>
<body>
<h1><?= h(gethostname()) ?></h1>
<p><?= h($kernel) ?>, <?= h($uptime) ?>, load <?= implode(' ', array_map(function ($l) { return number_format($l, 2); }, $load)) ?></p>

<h2>Memory</h2>
<p><?= bytes($mem['MemTotal'] - $mem['MemAvailable']) ?> of <?= bytes($mem['MemTotal']) ?> used</p>

<h2>Disks</h2>
<table>
<?php foreach ($disks as $d): ?>
<tr class="<?= $d['pct'] > 90 ? 'crit' : ($d['pct'] > 75 ? 'warn' : 'ok') ?>">
  <td><?= h($d['mnt']) ?></td><td><?= h($d['dev']) ?></td><td><?= bytes($d['used']) ?> / <?= bytes($d['size']) ?></td><td><?= $d['pct'] ?>%</td>
</tr>
<?php endforeach ?>
</table>

<h2>Services</h2>
<form method="post"><?= csrf_field() ?>
<table>
<?php foreach ($services as $id => $name):
  $up = sh('systemctl is-active ' . $id) === 'active'; ?>
<tr class="<?= $up ? 'ok' : 'crit' ?>"><td><?= $name ?></td><td><?= $up ? 'running' : 'down' ?></td>
<td><?php if (auth_has('admin')): ?><button name="restart" value="<?= $id ?>">Restart</button><?php endif ?></td></tr>
<?php endforeach ?>
</table></form>

<h2>Processes</h2>
<pre><?= h($top) ?></pre>
</body></html>
