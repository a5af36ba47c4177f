<?php
spl_autoload_register(function ($c) { $f = __DIR__ . "/src/" . str_replace("\\", "/", $c) . ".php"; if (is_file($f)) require $f; });
$parts = array_values(array_filter(explode("/", $_GET["r"] ?? "")));
$class = "App\\Controller\\" . ucfirst($parts[0] ?? "home"); $action = ($parts[1] ?? "index") . "Action";
if (!class_exists($class) || !method_exists($class, $action)) { http_response_code(404); exit("not found"); }
echo (new $class)->$action(...array_slice($parts, 2));
