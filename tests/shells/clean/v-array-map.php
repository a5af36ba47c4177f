<?php
class F { const OK = array('trim', 'intval'); }
$f = isset($_GET['f']) && in_array($_GET['f'], F::OK) ? $_GET['f'] : 'trim';
print_r(array_map($f, $_GET['list']));
