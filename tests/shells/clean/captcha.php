<?php
session_start();
$code = substr(str_shuffle('ABCDEFGHJKLMNPQRSTUVWXYZ23456789'), 0, 5);
$_SESSION['captcha'] = $code;
$im = imagecreate(120, 40);
imagecolorallocate($im, 240, 240, 240);
imagestring($im, 5, 30, 12, $code, imagecolorallocate($im, 20, 20, 20));
header('Content-Type: image/png');
imagepng($im);
