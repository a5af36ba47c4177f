<?php
$lang = preg_replace("/[^a-z]/", "", $_GET["lang"] ?? "en"); include "lang/$lang.php";
echo $text["welcome"];
