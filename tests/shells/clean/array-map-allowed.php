<?php
$f = $_POST['f'];
$ok = ['trim', 'ucwords', 'strtoupper'];
if (!in_array($f, $ok)) $f = 'trim';
print_r(array_map($f, explode(',', $_POST['list'])));
