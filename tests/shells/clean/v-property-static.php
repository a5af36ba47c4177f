<?php
class R { public static $acts = ['list', 'view']; function list() { echo 1; } function view() { echo htmlspecialchars($_GET['id']); } }
$a = $_GET['a'];
if (!in_array($a, R::$acts, true)) { header('Location: /'); exit; }
call_user_func([new R, $a]);
