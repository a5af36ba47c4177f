<?php
/*
 * install/index.php - three step installer.
 * Stops at once when the site is installed already (config.php or install.lock is there).
 */
define('ROOT', dirname(__DIR__));
if (is_file(ROOT . '/config/config.php') || is_file(ROOT . '/install/install.lock')) {
    http_response_code(403);
    exit('This site is installed. Delete the folder "install".');
}

// Only the person who has access to the server knows this number.
$pinFile = ROOT . '/install/pin.txt.php';
if (!is_file($pinFile)) {
    file_put_contents($pinFile, "<?php exit; // installation pin: " . random_int(10000000, 99999999) . "\n");
}
preg_match('/pin: (\d{8})/', file_get_contents($pinFile), $pm);

$fields = [
    'db_host'  => ['label' => 'Database server', 'pattern' => '/\A[a-z0-9.:-]{1,80}\z/i', 'value' => 'localhost'],
    'db_name'  => ['label' => 'Database',        'pattern' => '/\A[a-z0-9_]{1,64}\z/i',   'value' => ''],
    'db_user'  => ['label' => 'User',            'pattern' => '/\A[a-z0-9_]{1,32}\z/i',   'value' => ''],
    'db_pass'  => ['label' => 'Password',        'pattern' => '/\A.{0,128}\z/s',          'value' => ''],
    'prefix'   => ['label' => 'Table prefix',    'pattern' => '/\A[a-z]{1,8}_\z/',        'value' => 'cms_'],
    'title'    => ['label' => 'Name of the site','pattern' => '/\A[^\x00-\x1f]{1,100}\z/u', 'value' => 'My site'],
    'admin'    => ['label' => 'Your mail address', 'pattern' => '/\A[^@\s]+@[^@\s]+\z/',  'value' => ''],
    'password' => ['label' => 'Your password',   'pattern' => '/\A.{10,200}\z/s',         'value' => ''],
];

$errors = [];
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    if (empty($pm[1]) || !hash_equals($pm[1], (string) ($_POST['pin'] ?? ''))) {
        sleep(1);
        $errors['pin'] = 'Please copy the number from install/pin.txt.php.';
    }
    $values = [];
    foreach ($fields as $key => $f) {
        $values[$key] = (string) ($_POST[$key] ?? '');
        $fields[$key]['value'] = $values[$key];
        if (!preg_match($f['pattern'], $values[$key])) {
            $errors[$key] = $f['label'] . ' is not valid.';
        }
    }
    if (!$errors) {
        try {
            $db = new PDO("mysql:host={$values['db_host']};dbname={$values['db_name']};charset=utf8mb4", $values['db_user'], $values['db_pass'], [
                PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            ]);
            $sql = str_replace('%prefix%', $values['prefix'], file_get_contents(__DIR__ . '/schema.sql'));
            foreach (array_filter(array_map('trim', explode(";\n", $sql))) as $statement) {
                $db->exec($statement);
            }
            $db->prepare("INSERT INTO {$values['prefix']}users (mail, hash, role) VALUES (?, ?, 'admin')")
               ->execute([$values['admin'], password_hash($values['password'], PASSWORD_DEFAULT)]);
        } catch (PDOException $e) {
            $errors['db'] = 'The database says: ' . $e->getMessage();
        }
    }
    if (!$errors) {
        $config = [
            'db'     => ['host' => $values['db_host'], 'name' => $values['db_name'], 'user' => $values['db_user'], 'pass' => $values['db_pass']],
            'prefix' => $values['prefix'],
            'title'  => $values['title'],
            'secret' => bin2hex(random_bytes(32)),
        ];
        $code = "<?php\n// written by the installer on " . date('c') . "\nreturn " . var_export($config, true) . ";\n";
        file_put_contents(ROOT . '/config/config.php', $code, LOCK_EX);
        chmod(ROOT . '/config/config.php', 0640);
        touch(ROOT . '/install/install.lock');
        unlink($pinFile);
        header('Location: ../admin/');
        exit;
    }
}
?>
<!doctype html><meta charset="utf-8"><title>Installation</title>
<?php foreach ($errors as $e) { echo '<p class="err">', htmlspecialchars($e), '</p>'; } ?>
<form method="post">
<label>Pin <input name="pin" autocomplete="off"></label><br>
<?php foreach ($fields as $key => $f): ?>
<label><?= $f['label'] ?> <input name="<?= $key ?>" type="<?= strpos($key, 'pass') !== false ? 'password' : 'text' ?>" value="<?= strpos($key, 'pass') !== false ? '' : htmlspecialchars($f['value']) ?>"></label><br>
<?php endforeach; ?>
<button>Install</button>
</form>
