<?php
header('Content-Type: application/json; charset=utf-8');
header('Access-Control-Allow-Origin: https://app.example.com');
header('Access-Control-Allow-Headers: Authorization, Content-Type');
header('Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS');
if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') { http_response_code(204); exit; }

require __DIR__ . '/../vendor/autoload.php';

use Firebase\JWT\JWT;
use Firebase\JWT\Key;

$env = parse_ini_file(__DIR__ . '/../.env');
$pdo = new PDO($env['DB_DSN'], $env['DB_USER'], $env['DB_PASS'], [
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
]);

function out($data, int $code = 200): void {
    http_response_code($code);
    echo json_encode($data, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    exit;
}
function body(): array {
    $b = json_decode(file_get_contents('php://input'), true);
    if (!is_array($b)) out(['error' => 'invalid json'], 400);
    return $b;
}
function user(array $env): int {
    $h = $_SERVER['HTTP_AUTHORIZATION'] ?? $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] ?? '';
    if (!preg_match('/^Bearer\s+(\S+)$/', $h, $m)) out(['error' => 'unauthorized'], 401);
    try {
        return (int) JWT::decode($m[1], new Key($env['JWT_SECRET'], 'HS256'))->sub;
    } catch (Exception $e) {
        out(['error' => 'unauthorized'], 401);
    }
}

$routes = [
    'GET /tasks' => function () use ($pdo, $env) {
        $q = $pdo->prepare('SELECT id, title, done, due FROM tasks WHERE user_id = ? ORDER BY due');
        $q->execute([user($env)]);
        out($q->fetchAll());
    },
    'POST /tasks' => function () use ($pdo, $env) {
        $uid = user($env);
        $b = body();
        if (empty($b['title'])) out(['error' => 'title missing'], 422);
        $pdo->prepare('INSERT INTO tasks (user_id, title, due) VALUES (?, ?, ?)')->execute([$uid, $b['title'], $b['due'] ?? null]);
        out(['id' => (int) $pdo->lastInsertId()], 201);
    },
    'PUT /tasks/(\d+)' => function ($id) use ($pdo, $env) {
        $uid = user($env);
        $b = body();
        $set = array_intersect_key($b, array_flip(['title', 'done', 'due']));
        if (!$set) out(['error' => 'nothing to change'], 422);
        $sql = 'UPDATE tasks SET ' . implode(', ', array_map(fn($k) => "$k = ?", array_keys($set))) . ' WHERE id = ? AND user_id = ?';
        $pdo->prepare($sql)->execute([...array_values($set), $id, $uid]);
        out(['ok' => true]);
    },
    'DELETE /tasks/(\d+)' => function ($id) use ($pdo, $env) {
        $q = $pdo->prepare('DELETE FROM tasks WHERE id = ? AND user_id = ?');
        $q->execute([$id, user($env)]);
        out(['deleted' => $q->rowCount()]);
    },
];

$path = '/' . trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/');
$path = preg_replace('#^/api/v1#', '', $path);
foreach ($routes as $pattern => $handler) {
    if (preg_match("#^$pattern$#", $_SERVER['REQUEST_METHOD'] . ' ' . $path, $m)) {
        array_shift($m);
        $handler(...$m);
    }
}
out(['error' => 'not found'], 404);
