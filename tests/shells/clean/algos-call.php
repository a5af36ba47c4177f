<?php
$f = $_GET['f'];
if (in_array($f, hash_algos()) && function_exists($f)) { echo $f($_GET['d']); }
