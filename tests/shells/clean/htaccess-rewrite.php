<?php
$base = rtrim(dirname($_SERVER['SCRIPT_NAME']), '/') . '/';
$rules = "RewriteEngine On\nRewriteBase $base\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ index.php?q=$1 [QSA,L]\n";
if (is_writable('.htaccess')) file_put_contents('.htaccess', $rules); else echo '<pre>', htmlspecialchars($rules), '</pre>';
