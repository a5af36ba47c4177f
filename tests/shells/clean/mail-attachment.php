<?php
$b = md5(uniqid()); $f = $_FILES["cv"]; $d = chunk_split(base64_encode(file_get_contents($f["tmp_name"])));
$h = "From: web@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=$b";
$m = "--$b\r\nContent-Type: text/plain\r\n\r\nApplication of " . strip_tags($_POST["name"]) . "\r\n--$b\r\nContent-Type: application/octet-stream; name=\"cv.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n$d\r\n--$b--";
echo mail("jobs@example.org", "Application", $m, $h) ? "sent" : "failed";
