<?php
class A { function run() { echo 'a'; } } class B { function run() { echo 'b'; } }
$c = $_GET['c'];
if (!in_array($c, ['A', 'B'])) $c = 'A';
(new $c)->run();
