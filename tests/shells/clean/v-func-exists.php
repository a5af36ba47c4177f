<?php
$algos = ['md5', 'sha1', 'hash'];
$f = $_GET['f'];
if (in_array($f, $algos) && function_exists($f)) echo $f($_GET['d']);
else echo 'no';
