<?php
$src = $_FILES['photo']['tmp_name'];
$im = imagecreatefromjpeg($src);
$exif = exif_read_data($src);
switch ($exif['Orientation'] ?? 1) {
  case 3: $im = imagerotate($im, 180, 0); break;
  case 6: $im = imagerotate($im, -90, 0); break;
  case 8: $im = imagerotate($im, 90, 0); break;
}
$name = date('Ymd-His') . '.jpg';
imagejpeg($im, __DIR__ . '/photos/' . $name, 85);
echo $name;
