<?php
function coord($c, $ref) { $p = array_map(function ($x) { list($a, $b) = explode('/', $x); return $a / $b; }, $c); $v = $p[0] + $p[1] / 60 + $p[2] / 3600; return in_array($ref, ['S', 'W']) ? -$v : $v; }
foreach (glob('img/*.jpg') as $file) {
  $e = exif_read_data($file);
  if (isset($e['GPSLatitude'])) printf("%s %.5f %.5f\n", $file, coord($e['GPSLatitude'], $e['GPSLatitudeRef']), coord($e['GPSLongitude'], $e['GPSLongitudeRef']));
}
