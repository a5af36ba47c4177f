<?php
include("include/session.php");
include("include/dbconnect.php");

if ($_SESSION['user_type'] != "Administrator") {
	header("location: index.php");
	exit();
}

$backup_dir = dirname(__FILE__) . "/backup/";
$message = "";

if (isset($_POST['btn_backup'])) {
	$filename = "inventory_" . date("Y-m-d_H-i-s") . ".sql.gz";
	$command = "mysqldump --opt -h " . $db_host . " -u " . $db_user . " -p'" . $db_pass . "' " . $db_name . " | gzip > " . $backup_dir . $filename;
	system($command, $return);
	$message = ($return == 0) ? "Backup $filename created successfully." : "Backup failed!";
	mysqli_query($con, "INSERT INTO tbl_logs (user_id, action, date_time) VALUES ('" . $_SESSION['user_id'] . "', 'Created backup', NOW())");
}

if (isset($_POST['btn_restore'])) {
	$filename = basename($_POST['filename']);
	if (preg_match('/^inventory_[0-9_\-]+\.sql\.gz$/', $filename) && file_exists($backup_dir . $filename)) {
		$command = "gunzip -c " . escapeshellarg($backup_dir . $filename) . " | mysql -h " . $db_host . " -u " . $db_user . " -p'" . $db_pass . "' " . $db_name;
		exec($command, $output, $return);
		$message = ($return == 0) ? "Database restored from $filename." : "Restore failed!";
	} else {
		$message = "Invalid backup file.";
	}
}

if (isset($_GET['download'])) {
	$filename = basename($_GET['download']);
	if (preg_match('/^inventory_[0-9_\-]+\.sql\.gz$/', $filename) && file_exists($backup_dir . $filename)) {
		header("Content-Type: application/x-gzip");
		header("Content-Disposition: attachment; filename=\"$filename\"");
		header("Content-Length: " . filesize($backup_dir . $filename));
		readfile($backup_dir . $filename);
		exit();
	}
}

$files = glob($backup_dir . "inventory_*.sql.gz");
rsort($files);
include("include/header.php");
?>
<section class="content">
	<div class="box box-primary">
		<div class="box-header"><h3 class="box-title"><i class="fa fa-database"></i> Backup and Restore</h3></div>
		<div class="box-body">
			<?php if ($message != "") { ?><div class="alert alert-info"><?php echo $message; ?></div><?php } ?>
			<form method="post"><button class="btn btn-success" name="btn_backup"><i class="fa fa-plus"></i> Create Backup</button></form>
			<table class="table table-bordered">
				<tr><th>#</th><th>File</th><th>Size</th><th>Action</th></tr>
				<?php $no = 1; foreach ($files as $file) { $name = basename($file); ?>
				<tr>
					<td><?php echo $no++; ?></td>
					<td><?php echo $name; ?></td>
					<td><?php echo round(filesize($file) / 1024, 1); ?> KB</td>
					<td>
						<a class="btn btn-xs btn-info" href="backup.php?download=<?php echo urlencode($name); ?>">Download</a>
						<form method="post" style="display:inline" onsubmit="return confirm('Restore this backup? All current data will be overwritten.');">
							<input type="hidden" name="filename" value="<?php echo $name; ?>">
							<button class="btn btn-xs btn-danger" name="btn_restore">Restore</button>
						</form>
					</td>
				</tr>
				<?php } ?>
			</table>
		</div>
	</div>
</section>
<?php include("include/footer.php"); ?>
