<?php
require __DIR__ . '/vendor/autoload.php';
$cache = __DIR__ . '/var/cache/routes.php';
if (!is_file($cache) || filemtime($cache) < filemtime(__DIR__ . '/config/routes.yaml')) {
    $routes = \Symfony\Component\Yaml\Yaml::parseFile(__DIR__ . '/config/routes.yaml');
    file_put_contents($cache, "<?php\nreturn " . var_export($routes, true) . ";\n");
    if (function_exists('opcache_compile_file')) opcache_compile_file($cache);
}
return include $cache;
