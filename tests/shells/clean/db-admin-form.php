<?php
declare(strict_types=1);

session_start();
require __DIR__ . '/../src/Admin.php';

$admin = Admin::fromSession($_SESSION) ?? redirect('/admin/login.php');

/** Which tables and columns may be edited here, and how. */
final class TableMap
{
    public const TABLES = [
        'categories' => ['key' => 'id', 'columns' => ['name' => 'text:80', 'position' => 'int', 'visible' => 'bool']],
        'vat_rates'  => ['key' => 'id', 'columns' => ['country' => 'iso2', 'rate' => 'decimal', 'valid_from' => 'date']],
        'redirects'  => ['key' => 'id', 'columns' => ['old_path' => 'path', 'new_path' => 'path']],
    ];

    public static function columns(string $table): array
    {
        return self::TABLES[$table]['columns'] ?? throw new OutOfBoundsException("table $table");
    }

    public static function check(string $type, string $value): string|int|float
    {
        [$kind, $arg] = explode(':', $type . ':', 3);
        return match ($kind) {
            'text'    => mb_substr(trim($value), 0, (int) $arg),
            'int'     => filter_var($value, FILTER_VALIDATE_INT, FILTER_NULL_ON_FAILURE) ?? throw new DomainException('whole number expected'),
            'bool'    => $value === '1' ? 1 : 0,
            'decimal' => is_numeric($value) ? round((float) $value, 4) : throw new DomainException('number expected'),
            'iso2'    => preg_match('/\A[A-Z]{2}\z/', $value) ? $value : throw new DomainException('country code expected'),
            'date'    => DateTimeImmutable::createFromFormat('!Y-m-d', $value) ? $value : throw new DomainException('date expected'),
            'path'    => preg_match('~\A/[\w/.-]*\z~', $value) ? $value : throw new DomainException('path expected'),
        };
    }
}

function redirect(string $to): never
{
    header("Location: $to", true, 303);
    exit;
}

$pdo   = $admin->connection();
$table = (string) ($_GET['table'] ?? 'categories');
if (!array_key_exists($table, TableMap::TABLES)) {
    http_response_code(404);
    exit('No such table.');
}
$columns = TableMap::columns($table);
$key     = TableMap::TABLES[$table]['key'];
$errors  = [];

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $admin->verifyToken($_POST['token'] ?? '');
    $values = [];
    foreach ($columns as $name => $type) {
        try {
            $values[$name] = TableMap::check($type, (string) ($_POST['f'][$name] ?? ''));
        } catch (DomainException $e) {
            $errors[$name] = $e->getMessage();
        }
    }
    if ($errors === []) {
        $id = filter_input(INPUT_POST, 'id', FILTER_VALIDATE_INT);
        if ($id) {
            $set = implode(', ', array_map(static fn (string $c): string => "`$c` = :$c", array_keys($values)));
            $pdo->prepare("UPDATE `$table` SET $set WHERE `$key` = :id")->execute($values + ['id' => $id]);
        } else {
            $cols = '`' . implode('`, `', array_keys($values)) . '`';
            $marks = ':' . implode(', :', array_keys($values));
            $pdo->prepare("INSERT INTO `$table` ($cols) VALUES ($marks)")->execute($values);
        }
        $admin->audit("$table edited", $values);
        redirect('?table=' . $table);
    }
}

$rows = $pdo->query("SELECT * FROM `$table` ORDER BY `$key` LIMIT 500")->fetchAll(PDO::FETCH_ASSOC);
?>
<nav><?php foreach (array_keys(TableMap::TABLES) as $t): ?><a href="?table=<?= $t ?>"><?= $t ?></a> <?php endforeach ?></nav>
<?php foreach ($errors as $name => $text): ?><p class="error"><?= htmlspecialchars("$name: $text") ?></p><?php endforeach ?>
<?php foreach ([...$rows, []] as $row): ?>
<form method="post">
  <input type="hidden" name="token" value="<?= $admin->token() ?>">
  <input type="hidden" name="id" value="<?= (int) ($row[$key] ?? 0) ?>">
  <?php foreach ($columns as $name => $type): ?>
    <input name="f[<?= $name ?>]" value="<?= htmlspecialchars((string) ($row[$name] ?? '')) ?>" placeholder="<?= $name ?>">
  <?php endforeach ?>
  <button><?= $row ? 'Save' : 'Add' ?></button>
</form>
<?php endforeach ?>
