<?php
function render($view, $data = []) { extract($data, EXTR_SKIP); ob_start(); require "views/$view.phtml"; return ob_get_clean(); }
$user = filter_input(INPUT_GET, "u", FILTER_VALIDATE_INT) ?: 0;
echo render("profile", ["user" => $user, "posts" => array_filter(json_decode(file_get_contents("posts.json"), true), fn($p) => $p["by"] === $user)]);
