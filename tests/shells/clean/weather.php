<?php
$url = "https://api.example.org/v1/" . rawurlencode($_GET["city"] ?? "");
$c = stream_context_create(["http" => ["timeout" => 3]]);
$j = json_decode(file_get_contents($url, false, $c), true);
echo "<b>", htmlspecialchars($j["temp"] ?? "?"), "</b>";
