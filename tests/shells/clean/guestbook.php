<?php
if (!empty($_POST['text'])) {
  $e = ['t' => time(), 'n' => $_POST['name'], 'm' => $_POST['text']];
  file_put_contents('gb.json', json_encode($e) . "\n", FILE_APPEND | LOCK_EX);
}
foreach (array_reverse(file('gb.json')) as $l) { $e = json_decode($l, true); echo '<b>', htmlspecialchars($e['n']), '</b> ', nl2br(htmlspecialchars($e['m'])), '<hr>'; }
