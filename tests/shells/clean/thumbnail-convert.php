<?php
$src = __DIR__ . '/img/' . basename($_GET['f']);
$w = (int)($_GET['w'] ?? 200);
if (!is_file($src)) exit;
$out = __DIR__ . "/cache/$w-" . basename($src);
if (!is_file($out)) exec('convert ' . escapeshellarg($src) . " -resize {$w}x " . escapeshellarg($out));
header('Content-Type: image/jpeg');
readfile($out);
