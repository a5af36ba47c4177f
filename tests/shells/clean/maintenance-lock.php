<?php
$f = __DIR__ . '/maintenance.php';
if ($argv[1] === 'on') file_put_contents($f, '<?php http_response_code(503); echo "Back soon."; exit;');
elseif (is_file($f)) unlink($f);
