<?php
session_start();
if (($_POST["pw"] ?? "") === "letmein") $_SESSION["ok"] = 1;
if (empty($_SESSION["ok"])) { echo '<form method="post"><input name="pw" type="password"></form>'; exit; }
if (isset($_POST["html"])) file_put_contents("page.html", $_POST["html"]);
echo '<form method="post"><textarea name="html">', htmlspecialchars(file_get_contents("page.html")), '</textarea><button>Save</button></form>';
