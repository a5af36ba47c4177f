#!/usr/bin/env php
<?php
/**
 * Usage: bin/migrate [up|down|status|make] [options]
 */
if (PHP_SAPI !== 'cli') {
    exit(1);
}

require dirname(__DIR__) . '/bootstrap.php';

$opts = getopt('', ['env:', 'step:', 'dry-run', 'help'], $rest);
$args = array_slice($argv, $rest);
$command = $args[0] ?? 'up';

if (isset($opts['help'])) {
    echo file_get_contents(__DIR__ . '/migrate.txt');
    exit(0);
}

$dir = dirname(__DIR__) . '/database/migrations';
$pdo = App\Db::connect($opts['env'] ?? getenv('APP_ENV') ?: 'local');
$pdo->exec('CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(190) PRIMARY KEY, batch INT NOT NULL, ran_at DATETIME NOT NULL)');

$ran = $pdo->query('SELECT name, batch FROM migrations ORDER BY name')->fetchAll(PDO::FETCH_KEY_PAIR);
$files = glob("$dir/*.php");
sort($files);

function say(string $msg, string $colour = '0'): void
{
    echo stream_isatty(STDOUT) ? "\033[{$colour}m$msg\033[0m\n" : "$msg\n";
}

function load(string $file): object
{
    $m = require $file;
    return is_callable($m) ? $m() : $m;
}

switch ($command) {
    case 'status':
        foreach ($files as $f) {
            $n = basename($f, '.php');
            say(sprintf('%-60s %s', $n, isset($ran[$n]) ? "batch {$ran[$n]}" : 'pending'), isset($ran[$n]) ? '32' : '33');
        }
        break;

    case 'up':
        $batch = $ran ? max($ran) + 1 : 1;
        foreach ($files as $f) {
            $n = basename($f, '.php');
            if (isset($ran[$n])) {
                continue;
            }
            say("-> $n", '36');
            if (isset($opts['dry-run'])) {
                continue;
            }
            load($f)->up($pdo);
            $pdo->prepare('INSERT INTO migrations VALUES (?, ?, NOW())')->execute([$n, $batch]);
        }
        say('Done.', '32');
        break;

    case 'down':
        $step = (int) ($opts['step'] ?? 1);
        foreach (array_slice(array_reverse(array_keys($ran)), 0, $step) as $n) {
            say("<- $n", '35');
            load("$dir/$n.php")->down($pdo);
            $pdo->prepare('DELETE FROM migrations WHERE name = ?')->execute([$n]);
        }
        break;

    case 'make':
        $slug = trim(preg_replace('/[^a-z0-9]+/', '_', strtolower($args[1] ?? '')), '_');
        if ($slug === '') {
            fwrite(STDERR, "A name is needed: migrate make add_index_to_users\n");
            exit(2);
        }
        $file = sprintf('%s/%s_%s.php', $dir, date('Y_m_d_His'), $slug);
        file_put_contents($file, str_replace('%SLUG%', $slug, file_get_contents(__DIR__ . '/stubs/migration.stub')));
        passthru((getenv('EDITOR') ?: 'vi') . ' ' . escapeshellarg($file));
        break;

    default:
        fwrite(STDERR, "Unknown command: $command\n");
        exit(2);
}
