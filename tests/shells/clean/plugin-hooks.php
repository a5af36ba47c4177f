<?php
$hooks = [];
function add_hook($n, callable $f) { global $hooks; $hooks[$n][] = $f; }
function run_hook($n, $v) { global $hooks; foreach ($hooks[$n] ?? [] as $f) $v = $f($v); return $v; }
foreach (glob(__DIR__ . '/plugins/*.php') as $p) include $p;
add_hook('title', 'htmlspecialchars');
echo run_hook('title', $_GET['title'] ?? '');
