<?php

declare(strict_types=1);

namespace Site\Theme;

/**
 * Reads themes/<name>/theme.json, makes a PHP array of it and keeps it in var/cache,
 * so that the opcode cache holds it.
 */
final class ThemeRepository
{
    private array $loaded = [];

    public function __construct(
        private readonly string $themes,
        private readonly string $cache,
        private readonly bool $debug = false,
    ) {}

    /** @return list<string> */
    public function names(): array
    {
        $names = array_map(basename(...), glob($this->themes . '/*', GLOB_ONLYDIR) ?: []);
        return array_values(array_filter($names, fn (string $n) => is_file("$this->themes/$n/theme.json")));
    }

    public function get(string $name): Theme
    {
        return $this->loaded[$name] ??= new Theme($name, $this->data($name));
    }

    private function data(string $name): array
    {
        if (!in_array($name, $this->names(), true)) {
            throw new \OutOfBoundsException('There is no such theme.');
        }
        $source = "$this->themes/$name/theme.json";
        $target = sprintf('%s/theme_%s.php', $this->cache, hash('xxh128', $source));
        if (!is_file($target) || ($this->debug && filemtime($target) < filemtime($source))) {
            $data = json_decode((string) file_get_contents($source), true, flags: JSON_THROW_ON_ERROR);
            $this->write($target, $this->normalise($data));
        }
        return require $target;
    }

    private function normalise(array $data): array
    {
        return [
            'title'   => (string) ($data['title'] ?? 'untitled'),
            'parent'  => isset($data['parent']) ? (string) $data['parent'] : null,
            'colours' => array_filter((array) ($data['colours'] ?? []), fn ($c) => is_string($c) && preg_match('/^#[0-9a-f]{6}$/i', $c)),
            'blocks'  => array_map('strval', array_filter((array) ($data['blocks'] ?? []), 'is_scalar')),
        ];
    }

    private function write(string $file, array $data): void
    {
        $temp = tempnam(dirname($file), 'th');
        $code = '<?php return ' . var_export($data, true) . ';';
        if ($temp === false || file_put_contents($temp, $code) !== strlen($code)) {
            throw new \RuntimeException('The cache cannot be written.');
        }
        chmod($temp, 0644);
        rename($temp, $file);
        if (function_exists('opcache_invalidate')) {
            opcache_invalidate($file, true);
        }
    }
}

final class Theme
{
    public function __construct(public readonly string $name, private readonly array $data) {}

    public function css(): string
    {
        $out = ":root{\n";
        foreach ($this->data['colours'] as $key => $colour) {
            $out .= '  --' . preg_replace('/[^a-z0-9-]/', '-', (string) $key) . ": $colour;\n";
        }
        return $out . "}\n";
    }
}

$root = dirname(__DIR__, 2);
$repository = new ThemeRepository("$root/themes", "$root/var/cache", getenv('APP_ENV') === 'dev');

try {
    $theme = $repository->get(is_string($_GET['theme'] ?? null) ? $_GET['theme'] : 'default');
} catch (\OutOfBoundsException) {
    $theme = $repository->get('default');
}
header('Content-Type: text/css');
header('Cache-Control: max-age=3600');
echo $theme->css();
