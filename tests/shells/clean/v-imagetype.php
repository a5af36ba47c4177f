<?php
$ext = pathinfo($_GET['f'], PATHINFO_EXTENSION);
$map = ['jpg' => 'imagecreatefromjpeg', 'png' => 'imagecreatefrompng'];
if (!array_key_exists($ext, $map)) die();
$im = $map[$ext]('img/' . basename($_GET['f']));
header('Content-Type: image/png'); imagepng($im);
