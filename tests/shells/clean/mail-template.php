<?php
function e(string $tpl, array $v): string { return preg_replace_callback('/{{(\w+)}}/', fn($m) => htmlspecialchars((string) ($v[$m[1]] ?? "")), $tpl); }
echo e(file_get_contents("mail.tpl"), $_POST);
