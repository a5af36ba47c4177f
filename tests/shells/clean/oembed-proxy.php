<?php
$u = $_GET['url'];
$h = parse_url($u, PHP_URL_HOST);
if (!in_array($h, ['www.youtube.com', 'vimeo.com'])) die('host');
$ch = curl_init('https://noembed.com/embed?url=' . urlencode($u));
curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
header('Content-Type: application/json');
echo curl_exec($ch);
