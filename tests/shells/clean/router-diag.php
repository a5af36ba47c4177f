<?php
/*
 * diag_net.php - ping / traceroute / dns lookup page of the gateway web interface
 */
require_once("guiconfig.inc");   // session check, csrf-magic, menus
require_once("interfaces.inc");

$pgtitle = array(gettext("Diagnostics"), gettext("Network tools"));
$tools = array(
	'ping'  => array('label' => gettext('Ping'),       'bin' => '/sbin/ping'),
	'ping6' => array('label' => gettext('Ping (v6)'),  'bin' => '/sbin/ping6'),
	'trace' => array('label' => gettext('Traceroute'), 'bin' => '/usr/sbin/traceroute'),
	'dns'   => array('label' => gettext('DNS lookup'), 'bin' => '/usr/bin/drill'),
);

$input_errors = array();
$output = '';
$host = '';
$count = 3;
$tool = 'ping';

if ($_POST) {
	$tool = $_POST['tool'];
	$host = trim($_POST['host']);
	$count = (int)$_POST['count'];

	if (!array_key_exists($tool, $tools)) {
		$input_errors[] = gettext("Unknown tool.");
	}
	if (!is_hostname($host) && !is_ipaddr($host)) {
		$input_errors[] = gettext("Host must be a valid hostname or IP address.");
	}
	if ($count < 1 || $count > 10) {
		$input_errors[] = gettext("Count must be between 1 and 10.");
	}

	if (!$input_errors) {
		$cmd = $tools[$tool]['bin'];
		switch ($tool) {
			case 'ping':
			case 'ping6':
				$cmd .= ' -c ' . $count;
				break;
			case 'trace':
				$cmd .= ' -w 2 -m 18';
				break;
		}
		$cmd .= ' ' . escapeshellarg($host) . ' 2>&1';
		$fp = popen($cmd, 'r');
		while ($fp && !feof($fp)) {
			$output .= fgets($fp, 1024);
		}
		if ($fp) {
			pclose($fp);
		}
	}
}

include("head.inc");
if ($input_errors) {
	print_input_errors($input_errors);
}
?>
<form action="diag_net.php" method="post" class="form-horizontal">
	<div class="panel panel-default">
		<div class="panel-heading"><h2 class="panel-title"><?=gettext("Network tools")?></h2></div>
		<div class="panel-body">
			<select name="tool" class="form-control">
			<?php foreach ($tools as $k => $t): ?>
				<option value="<?=$k?>"<?=($k == $tool ? ' selected' : '')?>><?=$t['label']?></option>
			<?php endforeach; ?>
			</select>
			<input name="host" class="form-control" value="<?=htmlspecialchars($host)?>">
			<input name="count" type="number" min="1" max="10" value="<?=$count?>">
			<button type="submit" class="btn btn-primary"><?=gettext("Run")?></button>
		</div>
	</div>
</form>
<?php if ($output !== ''): ?>
<pre><?=htmlspecialchars($output)?></pre>
<?php endif;
include("foot.inc");
