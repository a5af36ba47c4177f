<?php
session_start();
if ($_SESSION['role'] !== 'admin') die('no');
$fh = fopen($_FILES['csv']['tmp_name'], 'r');
$db = new PDO('mysql:host=localhost;dbname=shop', 'shop', getenv('DBPASS'));
$st = $db->prepare('INSERT INTO items (sku, price) VALUES (?, ?)');
while ($row = fgetcsv($fh)) $st->execute([$row[0], (float)$row[1]]);
