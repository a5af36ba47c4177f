<?php
$feeds = ['a' => 'https://example.org/rss', 'b' => 'https://example.net/feed'];
$k = $_GET['f'];
if (!isset($feeds[$k])) exit;
$c = "cache/$k.xml";
if (!is_file($c) || time() - filemtime($c) > 600) file_put_contents($c, file_get_contents($feeds[$k]));
header('Content-Type: text/xml');
readfile($c);
