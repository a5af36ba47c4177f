<?php
$c = require 'deploy-config.php';
$ftp = ftp_connect($c['host']);
ftp_login($ftp, $c['user'], $c['pass']);
ftp_pasv($ftp, true);
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator('build', FilesystemIterator::SKIP_DOTS)) as $f)
  ftp_put($ftp, $c['dir'] . substr($f, 5), (string)$f, FTP_BINARY);
ftp_close($ftp);
