<?php
$out = shell_exec("git -C " . escapeshellarg(__DIR__) . " log -1 --format=%h\ %cI"); $load = sys_getloadavg();
echo "Version ", htmlspecialchars(trim((string) $out)), " on ", php_uname("n"), ", load $load[0], PHP ", PHP_VERSION;
