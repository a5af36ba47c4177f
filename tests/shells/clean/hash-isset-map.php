<?php
$map = ['upper' => 'strtoupper', 'lower' => 'strtolower', 'rev' => 'strrev'];
$op = $_GET['op'];
if (!isset($map[$op])) { http_response_code(404); exit; }
$fn = $map[$op];
echo htmlspecialchars($fn($_GET['text']));
