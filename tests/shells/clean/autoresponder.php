<?php
$raw = file_get_contents('php://stdin');
if (!preg_match('/^From: .*?([\w.+-]+@[\w.-]+)/mi', $raw, $m)) exit;
if (preg_match('/^(Precedence: (bulk|list|junk)|Auto-Submitted:)/mi', $raw)) exit;
mail($m[1], 'Out of office', "I am away until Monday.\n", "From: me@example.org\r\nAuto-Submitted: auto-replied");
