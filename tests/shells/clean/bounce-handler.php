<?php
$in = fopen('php://stdin', 'r'); $msg = '';
while (!feof($in)) $msg .= fread($in, 8192);
if (preg_match('/Final-Recipient: rfc822; (\S+)/i', $msg, $m))
  file_put_contents(__DIR__ . '/bounces.txt', $m[1] . "\n", FILE_APPEND);
