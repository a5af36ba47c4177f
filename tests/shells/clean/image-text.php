<?php
$t = mb_substr($_GET["t"] ?? "Hello", 0, 40); $i = imagecreatetruecolor(400, 60); imagefill($i, 0, 0, imagecolorallocate($i, 255, 255, 255));
imagettftext($i, 20, 0, 10, 40, imagecolorallocate($i, 0, 0, 0), __DIR__ . "/font.ttf", $t); header("Content-Type: image/png"); imagepng($i); imagedestroy($i);
