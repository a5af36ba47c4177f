<?php
$req = 'cmd=_notify-validate';
foreach ($_POST as $k => $v) $req .= "&$k=" . urlencode($v);
$fp = fsockopen('ssl://ipnpb.paypal.com', 443, $e, $s, 30);
fputs($fp, "POST /cgi-bin/webscr HTTP/1.0\r\nHost: ipnpb.paypal.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " . strlen($req) . "\r\n\r\n" . $req);
while (!feof($fp)) { $l = fgets($fp, 1024); if (strcmp($l, 'VERIFIED') == 0) file_put_contents('paid.log', $_POST['txn_id'] . "\n", FILE_APPEND); }
fclose($fp);
