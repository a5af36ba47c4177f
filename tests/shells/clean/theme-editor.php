<?php
if (!defined('CMS_ADMIN')) die('Hacking attempt!');   // set by admin/index.php after login

/**
 * Administration > Appearance > Theme editor
 */
global $cms, $lang, $template;

if (!$cms->user->is_webmaster()) {
    $cms->access_denied();
}

$theme_dir = CMS_ROOT . 'themes/' . $cms->conf['theme'];
$editable = array();
$it = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($theme_dir, RecursiveDirectoryIterator::SKIP_DOTS));
foreach ($it as $f) {
    if (in_array($f->getExtension(), array('tpl', 'css', 'js', 'php'))) {
        $editable[] = substr($f->getPathname(), strlen($theme_dir) + 1);
    }
}
sort($editable);

$file = isset($_REQUEST['file']) ? $_REQUEST['file'] : 'style.css';
if (!in_array($file, $editable, true)) {
    $cms->page['errors'][] = $lang['This file cannot be edited'];
    $file = $editable[0];
}
$path = $theme_dir . '/' . $file;

if (isset($_POST['save_file'])) {
    $cms->check_token();
    $content = str_replace("\r\n", "\n", $_POST['content']);

    if (substr($file, -4) == '.php') {
        // do not lock ourselves out because of a typo
        try {
            token_get_all($content, TOKEN_PARSE);
        } catch (ParseError $e) {
            $cms->page['errors'][] = sprintf($lang['Syntax error in line %d: %s'], $e->getLine(), $e->getMessage());
        }
    }

    if (empty($cms->page['errors'])) {
        $backup = CMS_ROOT . '_data/theme_backup/' . date('YmdHis') . '_' . str_replace('/', '__', $file) . '.bak';
        cms_mkdir(dirname($backup));
        copy($path, $backup);
        if (is_writable($path) && file_put_contents($path, $content) !== false) {
            $cms->page['infos'][] = sprintf($lang['%s has been saved'], $file);
            $template->delete_compiled_templates();
            cms_activity('theme', 'edit', $file);
        } else {
            $cms->page['errors'][] = sprintf($lang['%s is not writable'], $file);
        }
    }
} else {
    $content = file_get_contents($path);
}

$template->set_filename('theme_editor', 'theme_editor.tpl');
$template->assign(array(
    'FILES'   => $editable,
    'CURRENT' => $file,
    'CONTENT' => htmlspecialchars($content),
    'TOKEN'   => $cms->get_token(),
    'MODE'    => array_search(pathinfo($file, PATHINFO_EXTENSION), array('css' => 'css', 'javascript' => 'js', 'smarty' => 'tpl', 'php' => 'php')),
));
$template->assign_var_from_handle('ADMIN_CONTENT', 'theme_editor');
