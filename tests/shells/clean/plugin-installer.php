<?php
/* Forum ACP module: install, enable and remove add-ons */

if (!defined('IN_FORUM') || !defined('ADMIN_START')) {
	exit;
}

class acp_addons
{
	var $u_action;
	var $repo = 'https://addons.simpleforum.example/api/';

	function main($id, $mode)
	{
		global $db, $user, $auth, $template, $config, $cache;

		if (!$auth->acl_get('a_addons')) {
			trigger_error($user->lang['NO_AUTH_OPERATION'] . adm_back_link($this->u_action), E_USER_WARNING);
		}

		$action = request_var('action', '');
		$name = request_var('addon', '');
		if ($name !== '' && !preg_match('#^[a-z0-9_]{2,40}$#', $name)) {
			trigger_error('ADDON_NAME_INVALID', E_USER_WARNING);
		}
		if ($action && !check_form_key('acp_addons') && !confirm_box(true)) {
			trigger_error($user->lang['FORM_INVALID'] . adm_back_link($this->u_action), E_USER_WARNING);
		}
		$dir = FORUM_ROOT . 'addons/' . $name;

		switch ($action) {
			case 'install':
				$this->fetch($name);
				include_once $dir . '/setup.php';
				$class = 'addon_' . $name . '_setup';
				$setup = new $class($db, $config);
				$setup->install();
				add_log('admin', 'LOG_ADDON_INSTALLED', $name);
				break;

			case 'enable':
			case 'disable':
				$db->sql_query('UPDATE ' . ADDONS_TABLE . ' SET active = ' . (int) ($action == 'enable') . " WHERE name = '" . $db->sql_escape($name) . "'");
				break;

			case 'remove':
				if (is_file($dir . '/setup.php')) {
					include_once $dir . '/setup.php';
					$class = 'addon_' . $name . '_setup';
					$setup = new $class($db, $config);
					$setup->uninstall();
				}
				$this->delete_tree($dir);
				add_log('admin', 'LOG_ADDON_REMOVED', $name);
				break;
		}
		if ($action) {
			$cache->purge();
			redirect($this->u_action);
		}

		$installed = array_map('basename', glob(FORUM_ROOT . 'addons/*', GLOB_ONLYDIR));
		foreach (json_decode(file_get_contents($this->repo . 'list?v=' . urlencode($config['version'])), true) as $row) {
			$template->assign_block_vars('addons', array(
				'NAME' => $row['name'], 'TITLE' => htmlspecialchars($row['title']), 'S_INSTALLED' => in_array($row['name'], $installed),
			));
		}
		add_form_key('acp_addons');
		$this->tpl_name = 'acp_addons';
		$this->page_title = 'ACP_ADDONS';
	}

	function fetch($name)
	{
		$meta = json_decode(file_get_contents($this->repo . 'get/' . $name), true);
		$tmp = tempnam(sys_get_temp_dir(), 'addon');
		copy($meta['url'], $tmp);
		$key = openssl_pkey_get_public(file_get_contents(FORUM_ROOT . 'includes/addons.pem'));
		if (openssl_verify(file_get_contents($tmp), base64_decode($meta['signature']), $key, OPENSSL_ALGO_SHA256) !== 1) {
			unlink($tmp);
			trigger_error('ADDON_SIGNATURE_INVALID', E_USER_ERROR);
		}
		$zip = new ZipArchive;
		if ($zip->open($tmp) === true) {
			$zip->extractTo(FORUM_ROOT . 'addons/');
			$zip->close();
		}
		unlink($tmp);
	}

	function delete_tree($dir)
	{
		foreach (array_diff(scandir($dir), array('.', '..')) as $f) {
			is_dir("$dir/$f") ? $this->delete_tree("$dir/$f") : unlink("$dir/$f");
		}
		return rmdir($dir);
	}
}
