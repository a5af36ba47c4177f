<?php
$e = $_GET['e'];
if (!preg_match('~^[0-9+\-*/(). ]+$~', $e)) die('digits only');
eval('$r = ' . $e . ';');
echo $r;
