<?php
require 'common.php';
if (!$user->logged_in) {
    header('Location: login.php?next=avatar.php');
    exit;
}

$dir = 'uploads/avatars/';
$max = 512 * 1024;
$types = array('image/jpeg' => 'jpg', 'image/png' => 'png', 'image/gif' => 'gif');
$error = '';

if ($_SERVER['REQUEST_METHOD'] == 'POST') {
    verify_csrf($_POST['csrf']);

    if (isset($_POST['remove'])) {
        if ($user->avatar && is_file($dir . basename($user->avatar))) {
            unlink($dir . basename($user->avatar));
        }
        $db->query('UPDATE users SET avatar = NULL WHERE id = ?', $user->id);
        header('Location: profile.php');
        exit;
    }

    $f = $_FILES['avatar'];
    if ($f['error'] !== UPLOAD_ERR_OK) {
        $messages = array(
            UPLOAD_ERR_INI_SIZE => 'The file is too big.',
            UPLOAD_ERR_FORM_SIZE => 'The file is too big.',
            UPLOAD_ERR_PARTIAL => 'The upload was interrupted.',
            UPLOAD_ERR_NO_FILE => 'Please choose a file.',
        );
        $error = isset($messages[$f['error']]) ? $messages[$f['error']] : 'Upload failed.';
    } elseif ($f['size'] > $max) {
        $error = 'The picture must not be larger than 512 KB.';
    } else {
        $finfo = new finfo(FILEINFO_MIME_TYPE);
        $mime = $finfo->file($f['tmp_name']);
        $info = getimagesize($f['tmp_name']);
        if (!isset($types[$mime]) || !$info) {
            $error = 'Only JPG, PNG and GIF pictures are allowed.';
        } elseif ($info[0] > 2000 || $info[1] > 2000) {
            $error = 'The picture must not be larger than 2000x2000 pixels.';
        } else {
            $name = $user->id . '_' . substr(md5(microtime() . $user->id), 0, 10) . '.' . $types[$mime];
            if (move_uploaded_file($f['tmp_name'], $dir . $name)) {
                chmod($dir . $name, 0644);
                if ($user->avatar) {
                    @unlink($dir . basename($user->avatar));
                }
                $db->query('UPDATE users SET avatar = ? WHERE id = ?', $name, $user->id);
                header('Location: profile.php?saved=1');
                exit;
            }
            $error = 'Could not store the picture.';
        }
    }
}

page_header('Change avatar');
?>
<?php if ($error): ?><div class="alert"><?= e($error) ?></div><?php endif; ?>
<p><img src="<?= $user->avatar ? e($dir . $user->avatar) : 'img/noavatar.png' ?>" width="96" alt=""></p>
<form method="post" enctype="multipart/form-data">
    <input type="hidden" name="csrf" value="<?= csrf_token() ?>">
    <input type="hidden" name="MAX_FILE_SIZE" value="<?= $max ?>">
    <input type="file" name="avatar" accept="image/*">
    <button>Upload</button>
    <button name="remove" value="1">Remove picture</button>
</form>
<?php page_footer();
