<?php
$algo = $_GET['algo'] ?? 'sha256';
if (!in_array($algo, hash_algos(), true)) die('?');
echo hash($algo, file_get_contents('release.zip'));
