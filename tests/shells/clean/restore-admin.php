<?php
/*  backup/restore of the small shop database - only for the owner of the shop
    (menu: Settings > Backup)   */
require_once('../includes/application_top.php');

if (!session_is_registered_user() || $user->level < LEVEL_OWNER) {
	redirect(href_link('login.php'));
}
define('BACKUP_DIR', DIR_FS_ROOT . 'backups/');     // has a .htaccess with "Deny from all"

$action = isset($_GET['action']) ? $_GET['action'] : '';
if ($action != '' && (!isset($_POST['formtoken']) || $_POST['formtoken'] !== $_SESSION['formtoken'])) {
	$action = '';
	$messages->add('The form was too old, please try again.', 'error');
}

function backup_files() {
	$list = array();
	$d = dir(BACKUP_DIR);
	while (false !== ($f = $d->read())) {
		if (preg_match('/^db_\d{8}_\d{6}\.sql(\.gz)?$/', $f)) $list[$f] = filesize(BACKUP_DIR . $f);
	}
	$d->close();
	krsort($list);
	return $list;
}

switch ($action) {
	case 'backup':
		set_time_limit(0);
		$name = 'db_' . date('Ymd_His') . '.sql';
		$gz = gzopen(BACKUP_DIR . $name . '.gz', 'wb6');
		$tables = tep_db_query('show tables like "' . tep_db_input(DB_PREFIX) . '%"');
		while ($t = tep_db_fetch_row($tables)) {
			$c = tep_db_fetch_row(tep_db_query('show create table `' . $t[0] . '`'));
			gzwrite($gz, "DROP TABLE IF EXISTS `$t[0]`;\n" . $c[1] . ";\n");
			$rows = tep_db_query('select * from `' . $t[0] . '`');
			while ($r = tep_db_fetch_row($rows)) {
				foreach ($r as $i => $v) $r[$i] = is_null($v) ? 'NULL' : "'" . tep_db_input($v) . "'";
				gzwrite($gz, "INSERT INTO `$t[0]` VALUES (" . str_replace("\n", '\n', implode(',', $r)) . ");\n");
			}
		}
		gzclose($gz);
		$messages->add("Backup $name.gz was written.", 'success');
		break;

	case 'download':
		$files = backup_files();
		if (isset($files[$_POST['file']])) {
			header('Content-Type: application/octet-stream');
			header('Content-Disposition: attachment; filename=' . $_POST['file']);
			readfile(BACKUP_DIR . $_POST['file']);
			exit;
		}
		break;

	case 'restore':
		$files = backup_files();
		if (!isset($files[$_POST['file']]) || !$user->check_password($_POST['password'])) {
			$messages->add('Wrong password or no such backup.', 'error');
			break;
		}
		set_time_limit(0);
		$open  = substr($_POST['file'], -3) == '.gz' ? 'gzopen' : 'fopen';
		$read  = $open == 'gzopen' ? 'gzgets' : 'fgets';
		$close = $open == 'gzopen' ? 'gzclose' : 'fclose';
		$fh = $open(BACKUP_DIR . $_POST['file'], 'rb');
		$sql = '';
		$n = 0;
		while (($line = $read($fh, 1048576)) !== false) {
			$sql .= $line;
			if (substr(rtrim($line), -1) == ';') {
				if (!preg_match('/^\s*(INSERT INTO|CREATE TABLE|DROP TABLE IF EXISTS) `' . preg_quote(DB_PREFIX, '/') . '\w+`/', $sql)) {
					$messages->add('Strange line in the backup, stopped after ' . $n . ' lines.', 'error');
					break 2;
				}
				tep_db_query($sql);
				$sql = '';
				$n++;
			}
		}
		$close($fh);
		$messages->add($n . ' lines restored.', 'success');
		break;

	case 'delete':
		$files = backup_files();
		if (isset($files[$_POST['file']])) unlink(BACKUP_DIR . $_POST['file']);
		break;
}
$_SESSION['formtoken'] = md5(uniqid(mt_rand(), true));
require(DIR_WS_INCLUDES . 'header.php');
?>
<form name="b" method="post" action="backup.php?action=backup">
<input type="hidden" name="formtoken" value="<?php echo $_SESSION['formtoken']; ?>"><input type="submit" value="Make a backup now">
</form>
<table>
<?php foreach (backup_files() as $f => $size) { ?>
<tr><td><?php echo $f; ?></td><td align="right"><?php echo number_format($size); ?></td><td>
<form method="post" action="backup.php?action=restore"><input type="hidden" name="formtoken" value="<?php echo $_SESSION['formtoken']; ?>">
<input type="hidden" name="file" value="<?php echo $f; ?>"><input type="password" name="password"><input type="submit" value="Restore"></form></td></tr>
<?php } ?>
</table>
<?php require(DIR_WS_INCLUDES . 'footer.php'); ?>
