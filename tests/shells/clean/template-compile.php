<?php
class Tpl {
  private $dir; private $cache;
  function __construct($dir, $cache) { $this->dir = $dir; $this->cache = $cache; }
  function render($name, array $vars) {
    $src = file_get_contents($this->dir . '/' . $name . '.tpl');
    $php = preg_replace('/\{\{\s*(\w+)\s*\}\}/', '<?= htmlspecialchars($$1) ?>', $src);
    $php = preg_replace('/\{% if (\w+) %\}/', '<?php if ($$1): ?>', $php);
    $php = str_replace('{% endif %}', '<?php endif; ?>', $php);
    $file = $this->cache . '/' . md5($name) . '.php';
    file_put_contents($file, $php);
    extract($vars);
    include $file;
  }
}
$t = new Tpl('tpl', 'cache');
$t->render('home', ['title' => $_GET['title'] ?? 'Hi']);
