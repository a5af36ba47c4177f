<?php
$ext = strtolower(pathinfo($_FILES["f"]["name"], PATHINFO_EXTENSION));
if (!in_array($ext, ["jpg", "png", "gif"], true)) die("type");
$to = "uploads/" . sha1($_FILES["f"]["name"] . uniqid()) . "." . $ext;
move_uploaded_file($_FILES["f"]["tmp_name"], $to);
