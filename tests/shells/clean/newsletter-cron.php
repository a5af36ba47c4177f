<?php
if (php_sapi_name() !== 'cli') die();
$db = new PDO('sqlite:' . __DIR__ . '/news.db');
$body = file_get_contents(__DIR__ . '/letter.txt');
foreach ($db->query('SELECT email, name FROM subscribers WHERE active = 1') as $r) {
  mail($r['email'], 'News', str_replace('{name}', $r['name'], $body), 'From: news@example.org');
  usleep(200000);
}
