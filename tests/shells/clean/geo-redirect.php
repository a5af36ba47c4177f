<?php
$lang = substr($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? 'en', 0, 2);
$ok = ['en', 'de', 'fr'];
if (!in_array($lang, $ok)) $lang = 'en';
header("Location: /$lang/");
