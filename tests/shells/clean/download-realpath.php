<?php
$dir = realpath("files"); $p = realpath($dir . "/" . ($_GET["f"] ?? ""));
if ($p === false || strncmp($p, $dir, strlen($dir)) !== 0) { http_response_code(404); exit; }
header("Content-Type: application/octet-stream"); header('Content-Disposition: attachment; filename="' . basename($p) . '"'); readfile($p);
