<?php
$key = hash("sha256", $_SERVER["REMOTE_ADDR"] . $_GET["page"]);
$file = sys_get_temp_dir() . "/cache-" . $key . ".html";
if (is_file($file) && filemtime($file) > time() - 300) { readfile($file); exit; }
ob_start(); echo "<h1>", htmlspecialchars($_GET["page"]), "</h1>"; file_put_contents($file, ob_get_flush());
