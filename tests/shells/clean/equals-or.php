<?php
$f = $_GET['f'];
if ($f === 'md5' || $f === 'sha1') echo $f($_GET['s']);
