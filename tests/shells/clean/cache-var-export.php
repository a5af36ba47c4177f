<?php
$config = parse_ini_file(__DIR__ . '/config.ini', true);
$out = '<?php return ' . var_export($config, true) . ';';
file_put_contents(__DIR__ . '/cache/config.php', $out, LOCK_EX);
$config = include __DIR__ . '/cache/config.php';
