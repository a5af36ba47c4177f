<?php
$a = $_GET['algo'];
switch ($a) { case 'md5': case 'sha1': $h = $a; break; default: $h = 'md5'; }
echo $h($_GET['d']);
