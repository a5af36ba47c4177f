<?php
$fn = $_GET['fn'];
if (!preg_match('/^(md5|sha1|crc32)$/', $fn)) { header('HTTP/1.0 400'); exit; }
echo $fn($_GET['s']);
