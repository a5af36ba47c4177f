<?php
if (php_sapi_name() !== "cli") exit;
[$self, $cmd] = $argv + [1 => "help"];
$commands = ["migrate" => function () { foreach (glob("migrations/*.php") as $m) require $m; }, "cache" => fn() => array_map("unlink", glob("cache/*")), "help" => fn() => print("migrate|cache\n")];
($commands[$cmd] ?? $commands["help"])();
