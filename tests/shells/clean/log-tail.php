<?php
header("X-Accel-Buffering: no"); $p = popen("tail -n 50 /var/log/app/import.log", "r"); while (!feof($p)) echo htmlspecialchars(fgets($p)), "<br>"; pclose($p);
