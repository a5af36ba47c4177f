<?php
session_start();
$langs = ['en' => 'English', 'de' => 'Deutsch', 'fr' => 'Français'];
if (isset($_GET['lang']) && array_key_exists($_GET['lang'], $langs)) $_SESSION['lang'] = $_GET['lang'];
$lang = $_SESSION['lang'] ?? 'en';
$t = require "lang/$lang.php";
echo $t['welcome'];
