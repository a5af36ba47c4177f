<?php
$actions = ['save_note', 'load_note'];
function save_note($in) { file_put_contents('notes/' . (int)$in['id'] . '.txt', strip_tags($in['text'])); }
function load_note($in) { echo htmlspecialchars(file_get_contents('notes/' . (int)$in['id'] . '.txt')); }
$action = $_POST['action'];
if (!in_array($action, $actions)) exit(json_encode(['error' => 'no such action']));
$action($_POST);
