<?php
function action_index() { echo '<h1>Hello</h1>'; }
function action_about() { echo '<p>About</p>'; }
$fn = 'action_' . ($_GET['action'] ?? 'index');
if (!function_exists($fn)) { http_response_code(404); exit; }
$fn($_GET);
