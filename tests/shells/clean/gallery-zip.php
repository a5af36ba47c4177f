<?php
$z = new ZipArchive; $z->open("gallery.zip", ZipArchive::CREATE | ZipArchive::OVERWRITE);
foreach ((array) ($_POST["pics"] ?? []) as $p) { $p = basename($p); if (is_file("pics/$p")) $z->addFile("pics/$p", $p); }
$z->close(); header("Content-Type: application/zip"); readfile("gallery.zip");
