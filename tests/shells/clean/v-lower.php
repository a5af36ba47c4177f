<?php
$f = strtolower(trim($_POST['f'] ?? 'md5'));
$ok = array('md5' => 1, 'sha1' => 1);
if (empty($ok[$f])) exit;
echo $f($_POST['d']);
