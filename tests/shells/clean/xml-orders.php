<?php
$xml = simplexml_load_string(file_get_contents("php://input"));
$db = new PDO("sqlite:orders.db"); $s = $db->prepare("insert into orders(ref, total) values (?, ?)");
foreach ($xml->order as $o) $s->execute([(string) $o->ref, (float) $o->total]);
echo "<ok/>";
