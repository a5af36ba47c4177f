<?php
require "admin-check.php";
if ($_SERVER["REQUEST_METHOD"] === "POST") {
  $name = "backup-" . date("Ymd-His") . ".sql.gz";
  passthru("mysqldump --defaults-extra-file=/etc/site/my.cnf shop | gzip > " . escapeshellarg("/var/backups/$name"), $rc);
  echo $rc ? "failed" : "saved $name";
}
foreach (glob("/var/backups/backup-*.sql.gz") as $b) echo "<li>", basename($b), " ", filesize($b);
