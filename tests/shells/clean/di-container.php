<?php
declare(strict_types=1);

namespace Kite\Container;

use Closure;
use Psr\Container\ContainerInterface;
use ReflectionClass;
use ReflectionNamedType;

final class Container implements ContainerInterface
{
    /** @var array<string, array{factory: callable|string, shared: bool}> */
    private array $bindings = [];
    private array $instances = [];
    private array $aliases = [];
    private array $building = [];

    public function bind(string $id, callable|string|null $concrete = null, bool $shared = false): self
    {
        unset($this->instances[$id]);
        $this->bindings[$id] = ['factory' => $concrete ?? $id, 'shared' => $shared];
        return $this;
    }

    public function singleton(string $id, callable|string|null $concrete = null): self
    {
        return $this->bind($id, $concrete, true);
    }

    public function alias(string $alias, string $id): void
    {
        $this->aliases[$alias] = $id;
    }

    public function has(string $id): bool
    {
        $id = $this->aliases[$id] ?? $id;
        return isset($this->bindings[$id]) || isset($this->instances[$id]) || class_exists($id);
    }

    public function get(string $id): mixed
    {
        $id = $this->aliases[$id] ?? $id;
        if (array_key_exists($id, $this->instances)) {
            return $this->instances[$id];
        }
        if (isset($this->building[$id])) {
            throw new CircularDependency(implode(' -> ', array_keys($this->building)) . " -> $id");
        }
        $this->building[$id] = true;
        try {
            $binding = $this->bindings[$id] ?? ['factory' => $id, 'shared' => false];
            $object = is_string($binding['factory']) && $binding['factory'] !== $id
                ? $this->get($binding['factory'])
                : $this->make($binding['factory']);
        } finally {
            unset($this->building[$id]);
        }
        if ($binding['shared']) {
            $this->instances[$id] = $object;
        }
        return $object;
    }

    public function call(callable $callable, array $extra = []): mixed
    {
        $ref = new \ReflectionFunction(Closure::fromCallable($callable));
        return call_user_func_array($callable, $this->arguments($ref->getParameters(), $extra));
    }

    private function make(callable|string $factory): mixed
    {
        if (!is_string($factory)) {
            return $factory($this);
        }
        if (!class_exists($factory)) {
            throw new NotFound("No entry or class found for '$factory'");
        }
        $class = new ReflectionClass($factory);
        if (!$class->isInstantiable()) {
            throw new NotFound("'$factory' cannot be instantiated");
        }
        $ctor = $class->getConstructor();
        return $ctor ? $class->newInstanceArgs($this->arguments($ctor->getParameters())) : new $factory();
    }

    private function arguments(array $params, array $extra = []): array
    {
        $args = [];
        foreach ($params as $p) {
            $type = $p->getType();
            if (array_key_exists($p->getName(), $extra)) {
                $args[] = $extra[$p->getName()];
            } elseif ($type instanceof ReflectionNamedType && !$type->isBuiltin()) {
                $args[] = $this->get($type->getName());
            } elseif ($p->isDefaultValueAvailable()) {
                $args[] = $p->getDefaultValue();
            } else {
                throw new NotFound("Unresolvable parameter \${$p->getName()}");
            }
        }
        return $args;
    }
}
