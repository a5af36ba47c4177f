<?php
$map = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1])) as $f) {
  if ($f->getExtension() !== 'php') continue;
  if (preg_match('/^(?:final |abstract )?class (\w+)/m', file_get_contents($f), $m)) $map[$m[1]] = (string)$f;
}
file_put_contents($argv[2], "<?php\nreturn " . var_export($map, true) . ";\n");
printf("%d classes\n", count($map));
