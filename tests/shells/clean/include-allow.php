<?php
$pages = array('home', 'contact', 'about');
$p = isset($_GET['p']) ? $_GET['p'] : 'home';
if (!in_array($p, $pages)) $p = 'home';
include 'pages/' . $p . '.php';
