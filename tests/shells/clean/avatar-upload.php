<?php
declare(strict_types=1);

namespace Forum\Profile;

require_once __DIR__ . '/../bootstrap.php';

final class AvatarException extends \RuntimeException {}

final class AvatarUploader
{
    private const TYPES = [
        'image/png'  => 'png',
        'image/jpeg' => 'jpg',
        'image/webp' => 'webp',
    ];
    private const MAX_BYTES = 512 * 1024;
    private const SIDE = 160;

    public function __construct(private readonly string $storageDir) {}

    public function store(array $file, int $userId): string
    {
        if (($file['error'] ?? UPLOAD_ERR_NO_FILE) !== UPLOAD_ERR_OK) {
            throw new AvatarException('The upload did not complete.');
        }
        if (!is_uploaded_file($file['tmp_name'])) {
            throw new AvatarException('Not an uploaded file.');
        }
        if (filesize($file['tmp_name']) > self::MAX_BYTES) {
            throw new AvatarException('Pictures may be at most 512 KB.');
        }
        $finfo = new \finfo(FILEINFO_MIME_TYPE);
        $mime = $finfo->file($file['tmp_name']);
        if (!isset(self::TYPES[$mime])) {
            throw new AvatarException('Only PNG, JPEG and WebP pictures are accepted.');
        }
        $size = getimagesize($file['tmp_name']);
        if ($size === false || $size[0] > 4000 || $size[1] > 4000) {
            throw new AvatarException('The picture could not be read or is too large.');
        }

        // Re-encode: nothing of the original bytes is kept.
        $source = match ($mime) {
            'image/png'  => imagecreatefrompng($file['tmp_name']),
            'image/jpeg' => imagecreatefromjpeg($file['tmp_name']),
            'image/webp' => imagecreatefromwebp($file['tmp_name']),
        };
        if (!$source instanceof \GdImage) {
            throw new AvatarException('The picture is damaged.');
        }
        $square = min($size[0], $size[1]);
        $target = imagecreatetruecolor(self::SIDE, self::SIDE);
        imagecopyresampled(
            $target, $source, 0, 0,
            intdiv($size[0] - $square, 2), intdiv($size[1] - $square, 2),
            self::SIDE, self::SIDE, $square, $square
        );
        $name = sprintf('%d_%s.%s', $userId, bin2hex(random_bytes(8)), 'png');
        if (!imagepng($target, $this->storageDir . '/' . $name)) {
            throw new AvatarException('The picture could not be saved.');
        }
        imagedestroy($source);
        imagedestroy($target);
        return $name;
    }
}

session_start();
if (empty($_SESSION['user_id'])) {
    header('Location: /login.php', true, 303);
    exit;
}

$message = '';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    if (!hash_equals($_SESSION['csrf'] ?? '', $_POST['csrf'] ?? '')) {
        http_response_code(400);
        exit('Form expired.');
    }
    try {
        $uploader = new AvatarUploader(dirname(__DIR__) . '/public/avatars');
        $name = $uploader->store($_FILES['avatar'] ?? [], (int) $_SESSION['user_id']);
        \db()->prepare('UPDATE users SET avatar = ? WHERE id = ?')->execute([$name, $_SESSION['user_id']]);
        $message = 'Your picture was updated.';
    } catch (AvatarException $e) {
        $message = $e->getMessage();
    }
}
$_SESSION['csrf'] ??= bin2hex(random_bytes(16));
?>
<!doctype html>
<title>Profile picture</title>
<p><?= htmlspecialchars($message) ?></p>
<form method="post" enctype="multipart/form-data">
  <input type="hidden" name="csrf" value="<?= $_SESSION['csrf'] ?>">
  <input type="file" name="avatar" accept="image/*">
  <button>Save</button>
</form>
