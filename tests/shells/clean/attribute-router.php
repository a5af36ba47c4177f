<?php

declare(strict_types=1);

namespace App\Http;

use Attribute;
use ReflectionClass;
use ReflectionMethod;

#[Attribute(Attribute::TARGET_METHOD)]
final class Route
{
    public function __construct(
        public readonly string $path,
        public readonly Verb $verb = Verb::Get,
        public readonly ?string $role = null,
    ) {}
}

enum Verb: string
{
    case Get = 'GET';
    case Post = 'POST';
    case Delete = 'DELETE';
}

final class HttpError extends \RuntimeException {}

final class Dispatcher
{
    /** @var array<string, array{0: class-string, 1: string, 2: ?string}> */
    private array $table = [];

    /** @param list<class-string> $controllers */
    public function __construct(array $controllers, private readonly \Closure $make)
    {
        foreach ($controllers as $class) {
            foreach ((new ReflectionClass($class))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
                foreach ($method->getAttributes(Route::class) as $attribute) {
                    $route = $attribute->newInstance();
                    $this->table[$route->verb->value . ' ' . $route->path] = [$class, $method->getName(), $route->role];
                }
            }
        }
    }

    public function dispatch(string $verb, string $path, ?string $role): mixed
    {
        $verb = Verb::tryFrom($verb) ?? throw new HttpError('Method not allowed', 405);
        foreach ($this->table as $key => [$class, $method, $need]) {
            [$v, $pattern] = explode(' ', $key, 2);
            if ($v !== $verb->value) {
                continue;
            }
            $regex = '#\A' . preg_replace('/\\\\\{(\w+)\\\\\}/', '(?<$1>[A-Za-z0-9_-]+)', preg_quote($pattern, '#')) . '\z#';
            if (!preg_match($regex, $path, $m)) {
                continue;
            }
            if ($need !== null && $need !== $role) {
                throw new HttpError('Forbidden', 403);
            }
            $arguments = array_filter($m, 'is_string', ARRAY_FILTER_USE_KEY);
            $controller = ($this->make)($class);
            return $controller->$method(...$arguments);
        }
        throw new HttpError('Not found', 404);
    }
}

final class TicketController
{
    public function __construct(private readonly \PDO $db) {}

    #[Route('/tickets')]
    public function index(): array
    {
        return $this->db->query('SELECT id, title, state FROM tickets ORDER BY id DESC LIMIT 50')->fetchAll(\PDO::FETCH_ASSOC);
    }

    #[Route('/tickets/{id}')]
    public function show(string $id): array
    {
        $st = $this->db->prepare('SELECT * FROM tickets WHERE id = ?');
        $st->execute([(int) $id]);
        return $st->fetch(\PDO::FETCH_ASSOC) ?: throw new HttpError('No such ticket', 404);
    }

    #[Route('/tickets/{id}', Verb::Delete, role: 'admin')]
    public function remove(string $id): array
    {
        $st = $this->db->prepare('DELETE FROM tickets WHERE id = ?');
        $st->execute([(int) $id]);
        return ['deleted' => $st->rowCount()];
    }
}

$db = new \PDO('sqlite:' . __DIR__ . '/../var/tickets.sqlite');
$dispatcher = new Dispatcher([TicketController::class], fn (string $class) => new $class($db));
session_start();
header('Content-Type: application/json');
try {
    $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/';
    echo json_encode($dispatcher->dispatch($_SERVER['REQUEST_METHOD'], $path, $_SESSION['role'] ?? null), JSON_THROW_ON_ERROR);
} catch (HttpError $e) {
    http_response_code($e->getCode());
    echo json_encode(['error' => $e->getMessage()]);
}
