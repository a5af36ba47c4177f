<?php
function allowed($f) { return in_array($f, ['md5', 'sha1'], true); }
$f = $_GET['f'];
if (!allowed($f)) die('no');
echo $f($_GET['d']);
