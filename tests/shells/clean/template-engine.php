<?php

namespace Lark\View;

/**
 * Lark: a very small template language.
 *
 *   {{ name }}           escaped output
 *   {{{ name }}}         raw output
 *   {% if name %} ... {% else %} ... {% end %}
 *   {% each list as item %} ... {% end %}
 *   {> partial}
 *
 * Templates belong to the developers and live in one directory; they are compiled
 * to PHP files in the cache directory and included from there.
 */
class Engine
{
    protected $templateDir;
    protected $cacheDir;
    protected $shared = array();

    private static $rules = array(
        '/\{\{\{\s*([a-z_]\w*(?:\.\w+)*)\s*\}\}\}/i'          => 'raw',
        '/\{\{\s*([a-z_]\w*(?:\.\w+)*)\s*\}\}/i'              => 'escaped',
        '/\{%\s*if\s+(!?)([a-z_]\w*(?:\.\w+)*)\s*%\}/i'       => 'openIf',
        '/\{%\s*else\s*%\}/i'                                 => 'middle',
        '/\{%\s*each\s+([a-z_]\w*(?:\.\w+)*)\s+as\s+([a-z_]\w*)\s*%\}/i' => 'openEach',
        '/\{%\s*end\s*%\}/i'                                  => 'close',
        '/\{>\s*([a-z][a-z0-9_-]*)\s*\}/i'                    => 'partial',
    );

    public function __construct($templateDir, $cacheDir)
    {
        $this->templateDir = rtrim($templateDir, '/');
        $this->cacheDir = rtrim($cacheDir, '/');
    }

    public function share($key, $value)
    {
        $this->shared[$key] = $value;
        return $this;
    }

    public function render($name, array $data = array())
    {
        $compiled = $this->compile($name);
        $view = $this;
        $scope = array_merge($this->shared, $data);
        $run = function () use ($compiled, $view, $scope) {
            ob_start();
            try {
                include $compiled;
            } catch (\Exception $e) {
                ob_end_clean();
                throw $e;
            }
            return ob_get_clean();
        };
        return $run();
    }

    public function get(array $scope, $path)
    {
        foreach (explode('.', $path) as $step) {
            if (is_array($scope) && array_key_exists($step, $scope)) {
                $scope = $scope[$step];
            } else {
                return null;
            }
        }
        return $scope;
    }

    private function compile($name)
    {
        if (!preg_match('/^[a-z][a-z0-9_-]*$/i', $name)) {
            throw new \InvalidArgumentException("Bad template name");
        }
        $source = $this->templateDir . '/' . $name . '.lark';
        if (!is_file($source)) {
            throw new \RuntimeException("Template $name does not exist");
        }
        $target = $this->cacheDir . '/' . $name . '.' . substr(md5($source), 0, 8) . '.php';
        if (is_file($target) && filemtime($target) >= filemtime($source)) {
            return $target;
        }
        // keep any PHP tag in the template from being executed
        $code = str_replace(array('<?', '?>'), array('&lt;?', '?&gt;'), file_get_contents($source));
        foreach (self::$rules as $pattern => $method) {
            $code = preg_replace_callback($pattern, array($this, $method), $code);
        }
        $tmp = tempnam($this->cacheDir, 'lark');
        file_put_contents($tmp, "<?php /* generated from $name.lark */ ?>\n" . $code);
        chmod($tmp, 0640);
        rename($tmp, $target);
        return $target;
    }

    private function raw($m)      { return '<?php echo $view->get($scope, \'' . $m[1] . '\'); ?>'; }
    private function escaped($m)  { return '<?php echo htmlspecialchars((string) $view->get($scope, \'' . $m[1] . '\'), ENT_QUOTES, \'UTF-8\'); ?>'; }
    private function openIf($m)   { return '<?php if (' . $m[1] . '$view->get($scope, \'' . $m[2] . '\')) { ?>'; }
    private function middle($m)   { return '<?php } else { ?>'; }
    private function openEach($m) { return '<?php foreach ((array) $view->get($scope, \'' . $m[1] . '\') as $scope[\'' . $m[2] . '\']) { ?>'; }
    private function close($m)    { return '<?php } ?>'; }
    private function partial($m)  { return '<?php echo $view->render(\'' . $m[1] . '\', $scope); ?>'; }
}
