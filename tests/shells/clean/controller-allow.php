<?php
class Pages { function home($r) { echo 'home'; } function news($r) { echo htmlspecialchars($r['id']); } }
$allowed = ['home', 'news'];
$m = $_GET['page'] ?? 'home';
if (!in_array($m, $allowed)) $m = 'home';
(new Pages)->$m($_GET);
