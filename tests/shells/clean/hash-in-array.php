<?php
$x = $_POST['algo'] ?? 'md5';
$hash = in_array($x, ['md5', 'sha1']) ? $x : 'md5';
echo htmlspecialchars($hash($_POST['data']));
