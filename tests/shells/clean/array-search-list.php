<?php
$fns = ['floor', 'ceil', 'round', 'abs'];
$i = array_search($_GET['fn'], $fns, true);
if ($i === false) exit;
$fn = $fns[$i];
echo $fn((float)$_GET['x']);
