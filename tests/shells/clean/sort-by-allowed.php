<?php
$cmp = $_GET['sort'] === 'natural' ? 'strnatcmp' : 'strcmp';
$names = file('names.txt', FILE_IGNORE_NEW_LINES);
usort($names, $cmp);
foreach ($names as $n) echo htmlspecialchars($n), "\n";
