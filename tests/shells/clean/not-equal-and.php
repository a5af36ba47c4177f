<?php
$f = $_GET['f'];
if ($f != 'sin' && $f != 'cos' && $f != 'tan') die('bad');
echo $f(deg2rad($_GET['x']));
