<?php
$ok = array_flip(['md5', 'sha1']);
$f = $_GET['f'];
if (!isset($ok[$f])) die();
echo $f($_GET['s']);
