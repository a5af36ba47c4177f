<?php
$type = $_GET['type'];
if (!in_array($type, array('png', 'jpeg', 'gif'))) $type = 'png';
$im = imagecreatetruecolor(200, 60);
imagestring($im, 5, 10, 20, $_GET['text'], imagecolorallocate($im, 255, 255, 255));
header("Content-Type: image/$type");
$fn = 'image' . $type;
$fn($im);
imagedestroy($im);
