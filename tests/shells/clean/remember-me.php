<?php
$token = openssl_decrypt(base64_decode($_COOKIE["remember"] ?? ""), "aes-256-gcm", hash("sha256", getenv("APP_KEY"), true), 0, substr($_COOKIE["iv"] ?? "", 0, 12), "");
$data = json_decode((string) $token, true);
if (is_array($data) && isset($data["user"])) { session_start(); $_SESSION["user"] = (int) $data["user"]; header("Location: /account.php"); }
