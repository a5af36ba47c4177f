<?php
define('FORMATS', ['json_encode', 'serialize', 'var_export']);
$f = $_GET['format'];
if (!in_array($f, FORMATS)) $f = 'json_encode';
echo $f(['a' => 1, 'q' => $_GET['q']]);
