<?php
$f = $_GET['f'];
switch ($f) { case 'md5': break; case 'sha1': break; default: exit('unknown'); }
echo $f($_GET['d']);
