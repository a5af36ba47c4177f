<?php
function pick($f) { if (in_array($f, ['md5', 'sha1'])) return $f; return 'md5'; }
$h = pick($_GET['f']);
echo $h($_GET['d']);
