<?php
$tpl = file_get_contents("template.html");
ob_start(); include "pages/" . basename($_GET["p"] ?? "home") . ".php"; $content = ob_get_clean();
echo strtr($tpl, ["{content}" => $content, "{title}" => ucfirst(htmlspecialchars($_GET["p"] ?? "Home"))]);
