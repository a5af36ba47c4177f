<?php
$files = ['manual' => 'manual.pdf', 'driver' => 'driver.zip'];
$k = $_GET['f'] ?? '';
if (!isset($files[$k])) { http_response_code(404); exit; }
header('Content-Type: application/octet-stream');
header('Content-Disposition: attachment; filename="' . $files[$k] . '"');
readfile('/srv/downloads/' . $files[$k]);
