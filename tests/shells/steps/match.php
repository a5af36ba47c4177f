<?php
$f = match ($_GET['f']) { 'a', 'b', => one($x), 'c' => 2, default => throw new Exception('?') };
$g = match (true) { $x > 1, $x < 0 => 'out', default => 'in' };
$h = match ($x) { 1, 2 } ( ?>
