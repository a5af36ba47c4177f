<?php
$q = $_GET["q"] ?? ""; $f = "searches.txt";
$h = fopen($f, "a"); flock($h, LOCK_EX); fwrite($h, date("c") . "\t" . str_replace(["\n", "\t"], " ", $q) . "\n"); fclose($h);
foreach (array_slice(file($f), -10) as $l) echo "<p>", htmlspecialchars($l), "</p>";
