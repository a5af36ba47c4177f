<?php
$dir = __DIR__ . '/uploads';
if (!is_dir($dir)) mkdir($dir, 0755);
file_put_contents("$dir/.htaccess", "php_flag engine off\nOptions -Indexes\n<FilesMatch \"\\.ph\">\nDeny from all\n</FilesMatch>\n");
file_put_contents("$dir/index.html", '');
