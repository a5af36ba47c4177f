<?php
$allowed = ['trim', 'strip_tags', 'ucfirst'];
$text = $_POST['text'];
foreach (array_intersect(explode('|', $_POST['filters']), $allowed) as $f) $text = $f($text);
echo htmlspecialchars($text);
