<?php
$ua = $_SERVER['HTTP_USER_AGENT'] ?? '';
if (preg_match('/googlebot|bingbot/i', $ua)) { include 'static/home.html'; exit; }
include 'app/home.php';
