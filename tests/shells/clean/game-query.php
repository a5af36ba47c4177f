<?php
$s = @fsockopen("game.example.org", 27015, $e, $m, 2); if (!$s) die("offline");
fwrite($s, "\xFF\xFF\xFF\xFFTSource Engine Query\0"); stream_set_timeout($s, 2); $d = fread($s, 1400); fclose($s);
$parts = explode("\0", substr($d, 6)); echo htmlspecialchars($parts[0] . " on " . $parts[1]);
