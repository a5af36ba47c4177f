<?php
$f = "poll.dat"; $v = is_file($f) ? unserialize(file_get_contents($f)) : ["yes" => 0, "no" => 0];
if (isset($_POST["vote"], $v[$_POST["vote"]]) && empty($_COOKIE["voted"])) { $v[$_POST["vote"]]++; file_put_contents($f, serialize($v), LOCK_EX); setcookie("voted", "1", time() + 86400 * 30); }
foreach ($v as $k => $n) echo "$k: $n<br>";
