<?php
$text = $_POST['t'];
foreach (explode(',', $_POST['fs']) as $f) {
  if (!in_array($f, ['trim', 'ucfirst', 'nl2br'])) continue;
  $text = $f($text);
}
echo htmlspecialchars($text);
