<?php
$files = array_map('basename', explode(',', $_GET['f']));
$out = '';
foreach ($files as $f) if (substr($f, -3) === '.js' && is_file("js/$f")) $out .= file_get_contents("js/$f") . ";\n";
header('Content-Type: text/javascript');
echo $out;
