<?php
$f = match ($_GET['f']) { 'md5', 'sha1' => $_GET['f'], default => throw new Exception('?') };
echo $f($_GET['d']);
