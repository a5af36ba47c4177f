<?php
require "auth.php"; need_admin();
$keys = ["title", "email", "theme"]; $c = [];
foreach ($keys as $k) $c[$k] = substr(trim($_POST[$k] ?? ""), 0, 200);
file_put_contents("config.php", "<?php\nreturn " . var_export($c, true) . ";\n"); opcache_invalidate("config.php"); header("Location: settings.php?saved=1");
