<?php
/**
 * Network check page for the helpdesk (intranet).
 * Apache does the Kerberos login; the group check is done here again.
 */
require 'inc/auth.php';

if (!isset($_SERVER['REMOTE_USER']) || !user_in_group($_SERVER['REMOTE_USER'], 'GG-Helpdesk')) {
    header('HTTP/1.1 403 Forbidden');
    die('You are not in the helpdesk group.');
}

$tools = array(
    'ping'   => '/bin/ping -c 4 -W 2 %s',
    'trace'  => '/usr/bin/traceroute -m 15 -w 1 %s',
    'dns'    => '/usr/bin/dig +short %s',
    'whois'  => '/usr/bin/whois -H %s',
);

function valid_target($t)
{
    if (filter_var($t, FILTER_VALIDATE_IP)) {
        return true;
    }
    // a host name: letters, digits, dots, dashes; never a leading dash
    return strlen($t) <= 253
        && (bool) preg_match('/\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z/i', $t);
}

$tool   = isset($_POST['tool']) ? $_POST['tool'] : 'ping';
$target = isset($_POST['target']) ? trim($_POST['target']) : '';
$output = '';
$error  = '';

if ($target !== '') {
    if (!array_key_exists($tool, $tools)) {
        $error = 'Unknown tool.';
    } elseif (!valid_target($target)) {
        $error = 'Please give an IP address or a host name.';
    } else {
        $cmd = sprintf($tools[$tool], escapeshellarg($target));
        error_log(sprintf('nettool: %s ran %s for %s', $_SERVER['REMOTE_USER'], $tool, $target));
        exec($cmd . ' 2>&1', $lines, $rc);
        $output = implode("\n", array_slice($lines, 0, 200));
        if ($rc !== 0) {
            $error = 'The command ended with status ' . (int) $rc . '.';
        }
    }
}
?>
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Network check</title><link rel="stylesheet" href="/css/intranet.css"></head>
<body>
<h1>Network check</h1>
<form method="post">
  <select name="tool">
  <?php foreach (array_keys($tools) as $t): ?>
    <option<?php if ($t === $tool) echo ' selected'; ?>><?php echo $t; ?></option>
  <?php endforeach; ?>
  </select>
  <input name="target" value="<?php echo htmlspecialchars($target, ENT_QUOTES); ?>" size="40">
  <input type="submit" value="Run">
</form>
<?php if ($error !== ''): ?><p class="error"><?php echo htmlspecialchars($error); ?></p><?php endif; ?>
<?php if ($output !== ''): ?><pre><?php echo htmlspecialchars($output); ?></pre><?php endif; ?>
</body>
</html>
