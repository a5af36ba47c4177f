<?php
$type = $_GET['type'] ?? 'json';
if (!in_array($type, ['json', 'xml'])) $type = 'json';
$fn = "output_$type";
function output_json($d) { echo json_encode($d); }
function output_xml($d) { echo '<x>' . htmlspecialchars($d['q']) . '</x>'; }
$fn(['q' => $_GET['q']]);
