#!/usr/bin/php
<?php
$o = getopt("f:d", ["table:"]); $f = $o["f"] ?? exit("usage: import -f FILE --table T\n"); $t = preg_replace("/\W/", "", $o["table"] ?? "items");
$db = new PDO(getenv("DSN"), getenv("DBUSER"), getenv("DBPASS")); $h = fopen($f, "r"); $head = fgetcsv($h);
$s = $db->prepare("insert into $t (" . implode(",", $head) . ") values (" . implode(",", array_fill(0, count($head), "?")) . ")");
while (($r = fgetcsv($h)) !== false) isset($o["d"]) ? print_r($r) : $s->execute($r);
