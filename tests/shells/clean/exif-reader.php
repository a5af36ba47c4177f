<?php
$f = 'photos/' . basename($_GET['photo']);
$exif = @exif_read_data($f, 'IFD0', true);
if (!$exif) die('no EXIF');
foreach ($exif as $section => $values)
  foreach ($values as $k => $v)
    echo htmlspecialchars("$section.$k: " . (is_array($v) ? implode(', ', $v) : $v)), '<br>';
