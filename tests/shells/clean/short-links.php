<?php declare(strict_types=1);

// s.example.org - our own short links.   GET /abc12   POST /api/links (with key)

$db = new SQLite3(__DIR__ . '/../var/links.sqlite');
$db->enableExceptions(true);
$db->exec('CREATE TABLE IF NOT EXISTS links (code TEXT PRIMARY KEY, url TEXT NOT NULL, owner TEXT, hits INT DEFAULT 0, made INT)');

$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH));

$routes = [
    ['GET',  '~^/$~',                      'home'],
    ['GET',  '~^/([a-zA-Z0-9]{4,10})$~',   'follow'],
    ['GET',  '~^/([a-zA-Z0-9]{4,10})\+$~', 'preview'],
    ['POST', '~^/api/links$~',             'create'],
];

foreach ($routes as [$verb, $regex, $handler]) {
    if ($_SERVER['REQUEST_METHOD'] === $verb && preg_match($regex, $path, $m)) {
        $handler($db, ...array_slice($m, 1));
        exit;
    }
}
http_response_code(404);
echo 'No such link.';

function find(SQLite3 $db, string $code): ?array
{
    $st = $db->prepare('SELECT * FROM links WHERE code = :c');
    $st->bindValue(':c', $code, SQLITE3_TEXT);
    return $st->execute()->fetchArray(SQLITE3_ASSOC) ?: null;
}

function home(SQLite3 $db): void
{
    $n = $db->querySingle('SELECT COUNT(*) FROM links');
    echo "<!doctype html><h1>s.example.org</h1><p>$n links. For staff of example.org only.</p>";
}

function follow(SQLite3 $db, string $code): void
{
    $link = find($db, $code);
    if ($link === null) {
        http_response_code(404);
        echo 'No such link.';
        return;
    }
    $st = $db->prepare('UPDATE links SET hits = hits + 1 WHERE code = :c');
    $st->bindValue(':c', $code);
    $st->execute();
    header('Location: ' . $link['url'], true, 302);
}

function preview(SQLite3 $db, string $code): void
{
    $link = find($db, $code) ?? ['url' => '(nothing)', 'hits' => 0];
    echo '<p>Goes to <b>', htmlspecialchars($link['url']), '</b>, followed ', (int) $link['hits'], ' times.</p>';
}

function create(SQLite3 $db): void
{
    header('Content-Type: application/json');
    $keys = require __DIR__ . '/../config/api_keys.php';
    $given = hash('sha256', $_SERVER['HTTP_X_API_KEY'] ?? '');
    $owner = null;
    foreach ($keys as $name => $hash) {
        if (hash_equals($hash, $given)) {
            $owner = $name;
        }
    }
    if ($owner === null) {
        http_response_code(401);
        echo '{"error":"key"}';
        return;
    }
    $in = json_decode(file_get_contents('php://input') ?: '', true);
    $url = filter_var($in['url'] ?? '', FILTER_VALIDATE_URL);
    if ($url === false || !in_array(parse_url($url, PHP_URL_SCHEME), ['http', 'https'], true) || preg_match('/[\r\n]/', $url)) {
        http_response_code(422);
        echo '{"error":"url"}';
        return;
    }
    $abc = '23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
    do {
        $code = '';
        for ($i = 0; $i < 6; $i++) {
            $code .= $abc[random_int(0, strlen($abc) - 1)];
        }
    } while (find($db, $code) !== null);
    $st = $db->prepare('INSERT INTO links (code, url, owner, made) VALUES (:c, :u, :o, :t)');
    foreach ([':c' => $code, ':u' => $url, ':o' => $owner, ':t' => time()] as $k => $v) {
        $st->bindValue($k, $v);
    }
    $st->execute();
    http_response_code(201);
    echo json_encode(['short' => 'https://s.example.org/' . $code]);
}
