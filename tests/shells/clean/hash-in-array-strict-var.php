<?php
$allowed = array('md5', 'sha1', 'crc32');
$f = $_GET['f'];
if (!in_array($f, $allowed, true)) die('no such function');
echo $f($_GET['text']);
