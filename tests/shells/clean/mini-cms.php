<?php
$page = preg_match('/^[a-z0-9-]+$/', $_GET["page"] ?? "") ? $_GET["page"] : "index"; $file = "content/$page.md";
$md = is_file($file) ? file_get_contents($file) : "# Not found";
$html = preg_replace(['/^# (.*)$/m', '/\*\*(.+?)\*\*/', '/\[(.+?)\]\((https?:[^)]+)\)/'], ['<h1>$1</h1>', '<b>$1</b>', '<a href="$2">$1</a>'], htmlspecialchars($md));
eval('?>' . file_get_contents("theme/layout.phtml"));
