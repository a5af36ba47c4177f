<?php
$key = hex2bin(getenv('COOKIE_KEY'));
if (isset($_COOKIE['d'])) {
  $raw = base64_decode($_COOKIE['d']);
  $json = openssl_decrypt(substr($raw, 28), 'aes-256-gcm', $key, OPENSSL_RAW_DATA, substr($raw, 0, 12), substr($raw, 12, 16));
  $data = json_decode($json, true);
  echo 'Hello ', htmlspecialchars($data['name']);
}
