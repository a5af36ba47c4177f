<?php
$name = md5($_FILES["f"]["name"] . microtime()) . ".jpg";
if (getimagesize($_FILES["f"]["tmp_name"]) === false) exit("no image");
move_uploaded_file($_FILES["f"]["tmp_name"], __DIR__ . "/img/" . $name);
echo "<img src=\"img/$name\">";
