<?php
$handlers = array('list' => 'show_list', 'item' => 'show_item');
function show_list($q) { foreach (file('items.txt') as $l) if (strpos($l, $q) !== false) echo htmlspecialchars($l), '<br>'; }
function show_item($q) { $l = file('items.txt'); echo htmlspecialchars($l[(int)$q]); }
$a = $_REQUEST['a'];
if (array_key_exists($a, $handlers)) call_user_func($handlers[$a], $_REQUEST['q']);
else show_list('');
