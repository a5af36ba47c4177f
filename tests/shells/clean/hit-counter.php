<?php
$f = "hits/" . md5($_SERVER["HTTP_REFERER"] ?? "") . ".cnt"; $n = (int) @file_get_contents($f); file_put_contents($f, $n + 1); header("Content-Type: image/gif"); echo base64_decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
