<?php
$p = $_GET['p'];
if (!ctype_alpha($p)) $p = 'home';
include "pages/$p.php";
