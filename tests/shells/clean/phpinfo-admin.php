<?php
require '../auth.php';
if (!is_admin()) { http_response_code(403); exit; }
phpinfo();
