<?php

declare(strict_types=1);

namespace Mortar\Container;

use Closure;
use Psr\Container\ContainerExceptionInterface;
use Psr\Container\ContainerInterface;
use Psr\Container\NotFoundExceptionInterface;
use ReflectionClass;
use ReflectionNamedType;

class NotFound extends \RuntimeException implements NotFoundExceptionInterface {}
class Failure extends \RuntimeException implements ContainerExceptionInterface {}

/**
 * Autowiring container that can be compiled to a PHP file, so that production needs no reflection.
 */
class Container implements ContainerInterface
{
    /** @var array<string, Closure> */
    private array $factories = [];
    private array $instances = [];
    private array $building = [];

    public function set(string $id, Closure $factory): void
    {
        $this->factories[$id] = $factory;
        unset($this->instances[$id]);
    }

    public function has(string $id): bool
    {
        return isset($this->factories[$id]) || class_exists($id);
    }

    public function get(string $id): mixed
    {
        return $this->instances[$id] ??= $this->build($id);
    }

    private function build(string $id): object
    {
        if (isset($this->building[$id])) {
            throw new Failure('Circular dependency: ' . implode(' > ', array_keys($this->building)) . " > $id");
        }
        $this->building[$id] = true;
        try {
            if (isset($this->factories[$id])) {
                return ($this->factories[$id])($this);
            }
            if (!class_exists($id)) {
                throw new NotFound("Nothing is registered for $id");
            }
            $arguments = array_map(fn (string $need) => $this->get($need), self::needs($id));
            return new $id(...$arguments);
        } finally {
            unset($this->building[$id]);
        }
    }

    /** @return list<class-string> */
    private static function needs(string $class): array
    {
        $constructor = (new ReflectionClass($class))->getConstructor();
        $list = [];
        foreach ($constructor?->getParameters() ?? [] as $parameter) {
            $type = $parameter->getType();
            if (!$type instanceof ReflectionNamedType || $type->isBuiltin()) {
                if ($parameter->isOptional()) {
                    break;
                }
                throw new Failure("Cannot guess \${$parameter->getName()} of $class");
            }
            $list[] = $type->getName();
        }
        return $list;
    }

    /** Writes a class with one method per service. @param list<class-string> $services */
    public function compile(array $services, string $file): void
    {
        $body = '';
        $map = [];
        foreach ($services as $i => $class) {
            $method = 'make' . $i;
            $map[$class] = $method;
            $args = implode(', ', array_map(static fn (string $n) => '$this->get(' . var_export($n, true) . ')', self::needs($class)));
            $body .= "    protected function $method(): \\$class\n    {\n        return new \\$class($args);\n    }\n\n";
        }
        $code = "<?php\n// generated, do not edit\nreturn new class extends \\Mortar\\Container\\Compiled\n{\n"
            . '    protected const MAP = ' . var_export($map, true) . ";\n\n" . $body . "};\n";
        $temp = $file . '.' . bin2hex(random_bytes(4));
        if (file_put_contents($temp, $code) === false || !rename($temp, $file)) {
            throw new Failure("Cannot write $file");
        }
    }
}

abstract class Compiled implements ContainerInterface
{
    protected const MAP = [];
    private array $made = [];

    public function has(string $id): bool
    {
        return isset(static::MAP[$id]);
    }

    public function get(string $id): mixed
    {
        $method = static::MAP[$id] ?? throw new NotFound($id);
        return $this->made[$id] ??= $this->{$method}();
    }
}
