<?php
$p = basename($_GET['p'] ?? 'home');
$file = __DIR__ . "/pages/$p.php";
if (!is_file($file)) { http_response_code(404); $file = __DIR__ . '/pages/404.php'; }
require $file;
