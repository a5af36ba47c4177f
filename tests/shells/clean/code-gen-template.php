<?php
$name = $argv[1] ?? die("usage: make:controller Name\n");
$stub = file_get_contents(__DIR__ . '/stubs/controller.stub');
$code = strtr($stub, ['{{ class }}' => $name, '{{ namespace }}' => 'App\\Controller']);
$path = __DIR__ . "/../app/Controller/$name.php";
if (file_exists($path)) die("exists\n");
file_put_contents($path, $code);
echo "created $path\n";
