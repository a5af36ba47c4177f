<?php
$fs = array_filter((array)$_POST['f'], fn($x) => in_array($x, ['trim', 'strip_tags']));
$t = $_POST['t'];
foreach ($fs as $f) $t = $f($t);
echo htmlspecialchars($t);
