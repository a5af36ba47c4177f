<?php
$db = new SQLite3('todo.db');
$db->exec('CREATE TABLE IF NOT EXISTS todo (id INTEGER PRIMARY KEY, t TEXT)');
if (isset($_POST['t'])) { $s = $db->prepare('INSERT INTO todo (t) VALUES (:t)'); $s->bindValue(':t', $_POST['t']); $s->execute(); }
$r = $db->query('SELECT * FROM todo');
while ($x = $r->fetchArray()) echo '<li>', htmlspecialchars($x['t']);
