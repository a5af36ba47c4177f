<?php
$fn = $_GET['fn'];
switch ($fn) {
  case 'md5':
  case 'sha1':
    break;
  default:
    exit('unknown');
}
echo $fn($_GET['s']);
