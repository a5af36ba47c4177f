<?php
$allowed = ["asc" => "sort", "desc" => "rsort"];
$f = $allowed[$_GET["o"] ?? "asc"] ?? "sort";
$names = file("names.txt", FILE_IGNORE_NEW_LINES);
$f($names);
echo implode("<br>", array_map("htmlspecialchars", $names));
