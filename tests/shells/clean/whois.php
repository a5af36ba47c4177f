<?php
$domain = preg_replace('/[^a-z0-9.-]/', '', strtolower($_GET['domain']));
$fp = fsockopen('whois.iana.org', 43, $e, $s, 10);
fwrite($fp, "$domain\r\n");
$out = '';
while (!feof($fp)) $out .= fgets($fp, 128);
fclose($fp);
echo '<pre>', htmlspecialchars($out), '</pre>';
