<?php
define('IN_ADMIN', true);
require '../includes/init.php';
require '../includes/admin_functions.php';

admin_check_login();
admin_check_permission('files');

$base = realpath(ROOT_PATH . 'userfiles');
$allowed = array('jpg', 'jpeg', 'png', 'gif', 'svg', 'pdf', 'doc', 'docx', 'xls', 'xlsx', 'zip', 'mp3', 'mp4', 'txt', 'csv');

function fm_path($base, $rel)
{
    $p = realpath($base . '/' . ltrim($rel, '/'));
    if ($p === false || ($p !== $base && strpos($p, $base . '/') !== 0)) {
        admin_error('Invalid folder');
    }
    return $p;
}

$dir = fm_path($base, isset($_REQUEST['dir']) ? $_REQUEST['dir'] : '');
$rel = substr($dir, strlen($base));
$act = isset($_REQUEST['act']) ? $_REQUEST['act'] : 'list';

if ($act != 'list') {
    check_token($_REQUEST['token']);
}

switch ($act) {
    case 'upload':
        foreach ($_FILES['files']['name'] as $i => $name) {
            if ($_FILES['files']['error'][$i] != UPLOAD_ERR_OK) {
                continue;
            }
            $ext = strtolower(pathinfo($name, PATHINFO_EXTENSION));
            if (!in_array($ext, $allowed, true)) {
                flash('error', htmlspecialchars($name) . ': file type not allowed');
                continue;
            }
            $clean = preg_replace('/[^a-zA-Z0-9_\-]+/', '-', pathinfo($name, PATHINFO_FILENAME)) . '.' . $ext;
            move_uploaded_file($_FILES['files']['tmp_name'][$i], $dir . '/' . $clean);
            chmod($dir . '/' . $clean, 0644);
            admin_log('upload', $rel . '/' . $clean);
        }
        redirect('files.php?dir=' . urlencode($rel));
        break;

    case 'mkdir':
        $name = preg_replace('/[^a-zA-Z0-9_\-]+/', '', $_POST['name']);
        if ($name !== '' && !is_dir($dir . '/' . $name)) {
            mkdir($dir . '/' . $name, 0755);
        }
        redirect('files.php?dir=' . urlencode($rel));
        break;

    case 'rename':
        $old = basename($_POST['old']);
        $ext = strtolower(pathinfo($old, PATHINFO_EXTENSION));
        $new = preg_replace('/[^a-zA-Z0-9_\-]+/', '-', pathinfo($_POST['new'], PATHINFO_FILENAME));
        if (is_file("$dir/$old") && $new !== '') {
            rename("$dir/$old", "$dir/$new.$ext");
            admin_log('rename', "$rel/$old -> $new.$ext");
        }
        redirect('files.php?dir=' . urlencode($rel));
        break;

    case 'delete':
        $file = fm_path($base, $rel . '/' . basename($_GET['file']));
        if (is_dir($file) && $file !== $base) {
            @rmdir($file) or flash('error', 'Folder is not empty');
        } elseif (is_file($file)) {
            unlink($file);
        }
        admin_log('delete', substr($file, strlen($base)));
        redirect('files.php?dir=' . urlencode($rel));
        break;
}

$folders = $files = array();
foreach (scandir($dir) as $f) {
    if ($f[0] == '.') {
        continue;
    }
    if (is_dir("$dir/$f")) {
        $folders[] = $f;
    } else {
        $files[] = array('name' => $f, 'size' => filesize("$dir/$f"), 'time' => filemtime("$dir/$f"));
    }
}

$tpl->assign(array('folders' => $folders, 'files' => $files, 'dir' => $rel, 'token' => get_token()));
$tpl->display('admin/files.tpl');
