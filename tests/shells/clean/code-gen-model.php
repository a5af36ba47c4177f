<?php
if (PHP_SAPI !== 'cli') exit(1);
list(, $table, $class) = $argv;
$pdo = new PDO(getenv('DSN'), getenv('DBUSER'), getenv('DBPASS'));
$code = "<?php\n\nclass $class\n{\n";
foreach ($pdo->query("DESCRIBE `$table`") as $col) $code .= "    public \$" . $col['Field'] . ";\n";
$code .= "}\n";
file_put_contents(__DIR__ . "/src/Model/$class.php", $code);
echo "Wrote $class\n";
