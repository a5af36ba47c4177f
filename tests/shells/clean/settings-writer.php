<?php
/* admin/settings.php - writes conf/settings.inc.php */
session_start();
include '../conf/settings.inc.php';
include 'auth.inc.php';
need_admin();

$fields = array(
	'site_name'   => array('Site name', 'text'),
	'site_email'  => array('Contact e-mail', 'email'),
	'lang'        => array('Language', 'list', array('en', 'de', 'fr', 'nl')),
	'per_page'    => array('Entries per page', 'int'),
	'comments'    => array('Allow comments', 'bool'),
	'theme'       => array('Theme', 'list', array_map('basename', glob('../themes/*', GLOB_ONLYDIR))),
	'footer'      => array('Footer text', 'text'),
);
$msg = '';

if (isset($_POST['save']) && $_POST['tok'] === $_SESSION['tok']) {
	$new = array();
	foreach ($fields as $key => $f) {
		$v = isset($_POST[$key]) ? trim($_POST[$key]) : '';
		switch ($f[1]) {
			case 'int':   $v = max(1, (int)$v); break;
			case 'bool':  $v = $v == '1'; break;
			case 'list':  if (!in_array($v, $f[2])) $v = $settings[$key]; break;
			case 'email': if (!filter_var($v, FILTER_VALIDATE_EMAIL)) { $msg .= 'Invalid address. '; $v = $settings[$key]; } break;
		}
		$new[$key] = $v;
	}
	$php = "<?php\n// written by admin/settings.php on " . date('Y-m-d H:i') . "\n"
	     . '$settings = ' . var_export($new, true) . ";\n";
	if (@file_put_contents('../conf/settings.inc.php', $php, LOCK_EX) === false) {
		$msg .= 'conf/settings.inc.php is not writable, please chmod 666.';
	} else {
		if (function_exists('opcache_reset')) opcache_reset();
		$settings = $new;
		$msg .= 'Saved.';
	}
}
$_SESSION['tok'] = md5(uniqid(mt_rand(), true));
include 'header.inc.php';
?>
<h2>Settings</h2>
<?php if ($msg) echo '<p class="msg">', $msg, '</p>'; ?>
<form method="post">
<input type="hidden" name="tok" value="<?php echo $_SESSION['tok'] ?>">
<table>
<?php foreach ($fields as $key => $f) { $v = isset($settings[$key]) ? $settings[$key] : ''; ?>
<tr><th><?php echo $f[0] ?></th><td>
<?php if ($f[1] == 'list') { ?>
	<select name="<?php echo $key ?>"><?php foreach ($f[2] as $o) echo '<option', $o == $v ? ' selected' : '', '>', htmlspecialchars($o), '</option>'; ?></select>
<?php } elseif ($f[1] == 'bool') { ?>
	<input type="checkbox" name="<?php echo $key ?>" value="1"<?php if ($v) echo ' checked' ?>>
<?php } else { ?>
	<input name="<?php echo $key ?>" size="50" value="<?php echo htmlspecialchars($v) ?>">
<?php } ?>
</td></tr>
<?php } ?>
</table>
<input type="submit" name="save" value="Save">
</form>
<?php include 'footer.inc.php';
