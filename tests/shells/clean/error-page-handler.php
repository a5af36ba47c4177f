<?php
set_error_handler(function ($no, $str, $file, $line) { error_log("$str in $file:$line"); return true; });
set_exception_handler(function ($e) { http_response_code(500); error_log($e); echo 'Sorry.'; });
register_shutdown_function(function () { if ($e = error_get_last()) error_log($e['message']); });
echo $undefined . htmlspecialchars($_GET['q'] ?? '');
