<?php
$routes = [
  'GET /' => function () { echo 'home'; },
  'GET /hello' => fn() => print 'hello ' . htmlspecialchars($_GET['name'] ?? ''),
];
$key = $_SERVER['REQUEST_METHOD'] . ' ' . strtok($_SERVER['REQUEST_URI'], '?');
if (isset($routes[$key])) $routes[$key]($_GET); else http_response_code(404);
