<?php

namespace Pico\View;

/**
 * Small compiled template engine. Syntax:
 *   {{ expr }}  escaped output       {!! expr !!}  raw output
 *   @if(..) @elseif(..) @else @endif   @foreach(..) @endforeach
 *   @include('partial/name')
 */
class Engine
{
    private string $viewPath;
    private string $cachePath;
    private array $shared = [];

    public function __construct(string $viewPath, string $cachePath)
    {
        $this->viewPath = rtrim($viewPath, '/');
        $this->cachePath = rtrim($cachePath, '/');
    }

    public function share(string $key, $value): void
    {
        $this->shared[$key] = $value;
    }

    public function render(string $name, array $data = []): string
    {
        $source = $this->find($name);
        $compiled = $this->cachePath . '/' . sha1($source) . '.php';

        if (!is_file($compiled) || filemtime($compiled) < filemtime($source)) {
            $tmp = tempnam($this->cachePath, 'tpl');
            file_put_contents($tmp, $this->compile(file_get_contents($source)));
            rename($tmp, $compiled);
            if (function_exists('opcache_invalidate')) {
                opcache_invalidate($compiled, true);
            }
        }

        return $this->evaluate($compiled, $data + $this->shared);
    }

    private function find(string $name): string
    {
        if (!preg_match('#^[a-z0-9_\-]+(/[a-z0-9_\-]+)*$#i', $name)) {
            throw new \InvalidArgumentException("Bad template name: $name");
        }
        $file = "{$this->viewPath}/$name.tpl.html";
        if (!is_file($file)) {
            throw new \RuntimeException("Template not found: $name");
        }
        return $file;
    }

    private function compile(string $src): string
    {
        $rules = [
            '/\{\{--.*?--\}\}/s'               => '',
            '/\{!!\s*(.+?)\s*!!\}/s'           => '<?php echo $1; ?>',
            '/\{\{\s*(.+?)\s*\}\}/s'           => '<?php echo htmlspecialchars((string)($1), ENT_QUOTES, \'UTF-8\'); ?>',
            '/@(if|foreach|for|while)\s*\((.+?)\)\s*$/m' => '<?php $1 ($2): ?>',
            '/@elseif\s*\((.+?)\)\s*$/m'       => '<?php elseif ($1): ?>',
            '/@else\b/'                        => '<?php else: ?>',
            '/@end(if|foreach|for|while)\b/'   => '<?php end$1; ?>',
            '/@include\(\s*(\'[^\']+\')\s*\)/' => '<?php echo $__engine->render($1, get_defined_vars()); ?>',
        ];
        return preg_replace(array_keys($rules), array_values($rules), $src);
    }

    private function evaluate(string $__file, array $__data): string
    {
        $__engine = $this;
        extract($__data, EXTR_SKIP);
        ob_start();
        try {
            include $__file;
        } catch (\Throwable $e) {
            ob_end_clean();
            throw $e;
        }
        return ob_get_clean();
    }
}
