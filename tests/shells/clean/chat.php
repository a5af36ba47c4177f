<?php
session_start(); $log = __DIR__ . "/chat.log";
if (!empty($_POST["msg"])) { $n = preg_replace("/[^\w ]/u", "", $_SESSION["nick"] ?? "guest"); file_put_contents($log, date("H:i") . " <b>$n</b> " . htmlspecialchars($_POST["msg"]) . "\n", FILE_APPEND | LOCK_EX); }
echo nl2br(implode("", array_slice(@file($log) ?: [], -30)));
