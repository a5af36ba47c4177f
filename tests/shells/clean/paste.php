<?php
$code = $_POST["code"] ?? ""; $lang = $_POST["lang"] ?? "php";
$out = highlight_string($code, true); file_put_contents("pastes/" . ($id = substr(sha1($code), 0, 8)) . ".txt", $lang . "\n" . $code); header("Location: ?id=$id");
