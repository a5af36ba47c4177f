<?php
$info = getimagesize($_FILES['f']['tmp_name']);
$kinds = [IMAGETYPE_PNG => 'png', IMAGETYPE_JPEG => 'jpeg', IMAGETYPE_GIF => 'gif'];
if (!isset($kinds[$info[2]])) die('not a picture');
$create = 'imagecreatefrom' . $kinds[$info[2]];
$im = $create($_FILES['f']['tmp_name']);
$small = imagescale($im, 200);
$save = 'image' . $kinds[$info[2]];
$save($small, 'thumbs/' . md5_file($_FILES['f']['tmp_name']) . '.' . $kinds[$info[2]]);
