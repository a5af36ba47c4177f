<?php
$f = $_GET['f'];
$g = match (true) { in_array($f, ['md5', 'crc32']) => $f, default => 'md5' };
echo $g($_GET['d']);
