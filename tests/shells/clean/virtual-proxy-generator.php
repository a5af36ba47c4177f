<?php

declare(strict_types=1);

namespace Quarry\Orm\Proxy;

use ReflectionClass;
use ReflectionMethod;
use ReflectionNamedType;

/**
 * Makes lazy-loading proxies for entity classes.
 *
 * In production the classes are written to a directory when the application is deployed and are
 * required from there; in development they are evaluated directly.
 */
final class ProxyFactory
{
    public const AUTOGENERATE_NEVER = 0;
    public const AUTOGENERATE_FILE = 1;
    public const AUTOGENERATE_EVAL = 2;

    private const TEMPLATE = <<<'PHP'
    namespace __NAMESPACE__;

    final class __SHORT__ extends \__ENTITY__ implements \Quarry\Orm\Proxy\Lazy
    {
        private bool $__ready = false;
        private ?\Closure $__loader = null;

        public static function __make(\Closure $loader): self
        {
            $p = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
            $p->__loader = $loader;
            return $p;
        }

        public function __load(): void
        {
            if (!$this->__ready && $this->__loader) {
                $this->__ready = true;
                ($this->__loader)($this);
            }
        }

    __METHODS__
    }
    PHP;

    public function __construct(
        private readonly string $directory,
        private readonly string $namespace = 'QuarryProxies',
        private readonly int $mode = self::AUTOGENERATE_NEVER,
    ) {
    }

    /** @param class-string $entity */
    public function create(string $entity, \Closure $loader): object
    {
        $short = strtr($entity, '\\', '_');
        $fqcn = $this->namespace . '\\' . $short;
        if (!class_exists($fqcn, false)) {
            $file = $this->directory . '/' . $short . '.php';
            switch ($this->mode) {
                case self::AUTOGENERATE_NEVER:
                    require $file;
                    break;
                case self::AUTOGENERATE_FILE:
                    if (!is_file($file)) {
                        $this->write($entity);
                    }
                    require $file;
                    break;
                case self::AUTOGENERATE_EVAL:
                    eval($this->source(new ReflectionClass($entity), $short));
                    break;
            }
        }
        return $fqcn::__make($loader);
    }

    public function write(string $entity): string
    {
        $short = strtr($entity, '\\', '_');
        $file = $this->directory . '/' . $short . '.php';
        $temp = $file . '.' . uniqid('', true);
        file_put_contents($temp, "<?php\n\n" . $this->source(new ReflectionClass($entity), $short) . "\n");
        @chmod($temp, 0664);
        rename($temp, $file);
        return $file;
    }

    private function source(ReflectionClass $class, string $short): string
    {
        $methods = '';
        foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $m) {
            if ($m->isStatic() || $m->isFinal() || str_starts_with($m->getName(), '__')) {
                continue;
            }
            $params = $pass = [];
            foreach ($m->getParameters() as $p) {
                $default = $p->isDefaultValueAvailable() ? ' = ' . var_export($p->getDefaultValue(), true) : '';
                $params[] = trim($this->type($p->getType()) . ' ' . ($p->isVariadic() ? '...' : '') . '$' . $p->getName() . $default);
                $pass[] = ($p->isVariadic() ? '...' : '') . '$' . $p->getName();
            }
            $return = $this->type($m->getReturnType());
            $methods .= sprintf(
                "    public function %s(%s)%s\n    {\n        \$this->__load();\n        %sparent::%1\$s(%s);\n    }\n\n",
                $m->getName(), implode(', ', $params), $return === '' ? '' : ": $return",
                in_array($return, ['void', 'never'], true) ? '' : 'return ', implode(', ', $pass)
            );
        }
        return strtr(self::TEMPLATE, [
            '__NAMESPACE__' => $this->namespace,
            '__SHORT__' => $short,
            '__ENTITY__' => $class->getName(),
            '__METHODS__' => rtrim($methods),
        ]);
    }

    private function type(?\ReflectionType $type): string
    {
        if (!$type instanceof ReflectionNamedType) {
            return (string) $type;
        }
        $name = $type->getName();
        $prefix = $type->allowsNull() && !in_array($name, ['null', 'mixed'], true) ? '?' : '';
        return $prefix . ($type->isBuiltin() || in_array($name, ['self', 'static'], true) ? $name : '\\' . $name);
    }
}

interface Lazy
{
    public function __load(): void;
}
