<?php
$cmd = sprintf("/usr/bin/convert %s -resize %dx%d %s", escapeshellarg($_FILES["i"]["tmp_name"]), (int) $_POST["w"], (int) $_POST["h"], escapeshellarg("out/" . uniqid() . ".png"));
exec($cmd, $out, $rc); echo $rc === 0 ? "done" : "failed";
