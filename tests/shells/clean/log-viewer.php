<?php
// Log viewer of the admin area. Shows the end of one of the log files of this application.
require_once '../lib/init.php';
Auth::requireRole('sysadmin');          // sends the login page and stops if not allowed

define('LOG_ROOT', realpath('/var/log/myapp'));

function list_logs()
{
    $out = array();
    foreach (scandir(LOG_ROOT) as $n) {
        if (substr($n, -4) === '.log' && is_file(LOG_ROOT . '/' . $n)) {
            $out[$n] = filesize(LOG_ROOT . '/' . $n);
        }
    }
    ksort($out);
    return $out;
}

function tail_of($path, $lines)
{
    $fh = fopen($path, 'rb');
    fseek($fh, 0, SEEK_END);
    $pos = ftell($fh);
    $buf = '';
    while ($pos > 0 && substr_count($buf, "\n") <= $lines) {
        $step = min(8192, $pos);
        $pos -= $step;
        fseek($fh, $pos);
        $buf = fread($fh, $step) . $buf;
    }
    fclose($fh);
    return array_slice(explode("\n", rtrim($buf, "\n")), -$lines);
}

$logs  = list_logs();
$which = isset($_GET['log']) ? basename($_GET['log']) : key($logs);
$n     = isset($_GET['n']) ? min(2000, max(10, (int) $_GET['n'])) : 100;
$path  = realpath(LOG_ROOT . '/' . $which);

if ($path === false || strpos($path, LOG_ROOT . DIRECTORY_SEPARATOR) !== 0 || !isset($logs[$which])) {
    header('HTTP/1.1 404 Not Found');
    exit('No such log.');
}

if (isset($_GET['download'])) {
    header('Content-Type: text/plain; charset=utf-8');
    header('Content-Length: ' . filesize($path));
    header('Content-Disposition: attachment; filename="' . $which . '"');
    readfile($path);
    exit;
}

$lines = tail_of($path, $n);
$grep  = isset($_GET['grep']) ? (string) $_GET['grep'] : '';
if ($grep !== '') {
    $lines = array_filter($lines, function ($l) use ($grep) { return stripos($l, $grep) !== false; });
}
$colours = array('ERROR' => '#c00', 'WARN' => '#b60', 'DEBUG' => '#888');
?>
<h1>Log: <?php echo htmlspecialchars($which); ?></h1>
<form><select name="log" onchange="this.form.submit()">
<?php foreach ($logs as $name => $size) { ?>
  <option<?php echo $name === $which ? ' selected' : ''; ?> value="<?php echo htmlspecialchars($name); ?>"><?php echo htmlspecialchars($name), ' (', round($size / 1024), ' KB)'; ?></option>
<?php } ?>
</select>
<input name="grep" value="<?php echo htmlspecialchars($grep); ?>">
<input name="n" size="4" value="<?php echo $n; ?>">
<button>Show</button></form>
<pre>
<?php
foreach ($lines as $line) {
    $colour = '#222';
    foreach ($colours as $word => $c) {
        if (strpos($line, $word) !== false) { $colour = $c; break; }
    }
    echo '<span style="color:', $colour, '">', htmlspecialchars($line), "</span>\n";
}
?>
</pre>
