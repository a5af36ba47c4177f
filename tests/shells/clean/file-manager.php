<?php
session_start();
require __DIR__ . '/config.php';       // $config['files'], $config['admin_hash']

final class Jail
{
    private $root;

    public function __construct($root)
    {
        $this->root = realpath($root);
        if ($this->root === false) {
            throw new RuntimeException('The file area is missing.');
        }
    }

    /** Turns a path given by the browser into a real one, or throws. */
    public function resolve($relative)
    {
        if (strpos($relative, "\0") !== false) {
            throw new DomainException('Bad path.');
        }
        $full = realpath($this->root . '/' . ltrim($relative, '/'));
        if ($full === false || ($full !== $this->root && strncmp($full, $this->root . '/', strlen($this->root) + 1) !== 0)) {
            throw new DomainException('That path is outside of the file area.');
        }
        return $full;
    }

    public function relative($full)
    {
        return ltrim(substr($full, strlen($this->root)), '/');
    }

    public function newName($name)
    {
        $name = preg_replace('/[^A-Za-z0-9._-]+/', '_', basename($name));
        $ext = strtolower(pathinfo($name, PATHINFO_EXTENSION));
        if (!in_array($ext, ['pdf', 'jpg', 'jpeg', 'png', 'docx', 'xlsx', 'odt', 'txt', 'csv', 'zip'], true)) {
            throw new DomainException('Files of this type cannot be stored.');
        }
        return str_replace('.', '_', pathinfo($name, PATHINFO_FILENAME)) . '.' . $ext;
    }
}

if (isset($_POST['password'])) {
    if (password_verify($_POST['password'], $config['admin_hash'])) {
        session_regenerate_id(true);
        $_SESSION['fm'] = ['in' => true, 'token' => bin2hex(random_bytes(16))];
    } else {
        sleep(2);
    }
}
if (empty($_SESSION['fm']['in'])) {
    echo '<form method="post">Password: <input type="password" name="password"> <button>Log in</button></form>';
    exit;
}

$jail = new Jail($config['files']);     // outside of the document root
$note = '';
try {
    $dir = $jail->resolve($_GET['dir'] ?? '');
    if (!is_dir($dir)) {
        throw new DomainException('Not a folder.');
    }
    if ($_SERVER['REQUEST_METHOD'] === 'POST' && isset($_POST['do'])) {
        if (!hash_equals($_SESSION['fm']['token'], (string) ($_POST['token'] ?? ''))) {
            throw new DomainException('Please reload the page.');
        }
        switch ($_POST['do']) {
            case 'upload':
                $name = $jail->newName($_FILES['file']['name'] ?? '');
                if (!move_uploaded_file($_FILES['file']['tmp_name'], $dir . '/' . $name)) {
                    throw new DomainException('Upload failed.');
                }
                $note = "Stored $name.";
                break;
            case 'rename':
                $from = $jail->resolve($_POST['file']);
                rename($from, dirname($from) . '/' . $jail->newName($_POST['to']));
                break;
            case 'delete':
                $file = $jail->resolve($_POST['file']);
                is_file($file) and unlink($file);
                break;
            case 'mkdir':
                if (preg_match('/^[\w-]{1,40}$/', $_POST['name'])) {
                    mkdir($dir . '/' . $_POST['name'], 0750);
                }
                break;
        }
    }
} catch (DomainException $e) {
    $note = $e->getMessage();
    $dir = $jail->resolve('');
}

function h($s) { return htmlspecialchars($s, ENT_QUOTES, 'UTF-8'); }
?>
<p class="note"><?= h($note) ?></p>
<h1>/<?= h($jail->relative($dir)) ?></h1>
<ul>
<?php foreach (array_diff(scandir($dir), ['.', '..']) as $entry): $full = "$dir/$entry"; ?>
  <li><?php if (is_dir($full)): ?><a href="?dir=<?= urlencode($jail->relative($full)) ?>"><?= h($entry) ?>/</a>
      <?php else: ?><?= h($entry) ?> (<?= number_format(filesize($full)) ?> bytes, <?= date('Y-m-d H:i', filemtime($full)) ?>,
      <?= substr(sprintf('%o', fileperms($full)), -4) ?>)
      <form method="post" style="display:inline"><input type="hidden" name="token" value="<?= $_SESSION['fm']['token'] ?>">
      <input type="hidden" name="file" value="<?= h($jail->relative($full)) ?>"><button name="do" value="delete">x</button></form>
      <?php endif ?></li>
<?php endforeach ?>
</ul>
<form method="post" enctype="multipart/form-data">
  <input type="hidden" name="token" value="<?= $_SESSION['fm']['token'] ?>">
  <input type="file" name="file"><button name="do" value="upload">Upload</button>
</form>
