<?php
// ajax: rename an album of the logged-in user
require __DIR__ . "/inc/auth.php"; $user = require_user();
$id = (int) $_POST["id"]; $title = trim($_POST["title"] ?? "");
if ($title === "" || mb_strlen($title) > 80) { http_response_code(422); exit(json_encode(["error" => "title"])); }
$q = db()->prepare("update albums set title = ? where id = ? and owner = ?"); $q->execute([$title, $id, $user["id"]]);
if (is_dir($d = "albums/" . $id)) rename($d, "albums/" . $id . "-" . preg_replace("/[^a-z0-9]+/i", "-", $title));
echo json_encode(["ok" => $q->rowCount() === 1]);
