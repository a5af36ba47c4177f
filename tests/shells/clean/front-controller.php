<?php
spl_autoload_register(function ($c) { require __DIR__ . '/src/' . str_replace('\\', '/', $c) . '.php'; });
$path = trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/') ?: 'home/index';
list($c, $a) = array_pad(explode('/', $path), 2, 'index');
$class = 'App\\Controller\\' . ucfirst($c) . 'Controller';
if (!class_exists($class) || !method_exists($class, $a)) { http_response_code(404); exit; }
(new $class)->$a($_GET);
