<?php
/**
*
* @package acp
* @version $Id: acp_stylecache.php 112 2009-03-14 17:02:11Z karl $
* @copyright (c) 2009 Karl B.
* @license http://opensource.org/licenses/gpl-license.php GNU Public License
*
*/

/**
* @ignore
*/
if (!defined('IN_PHPBB'))
{
	exit;
}

/**
* Shows and cleans the cached templates, edits template files of a style
* @package acp
*/
class acp_stylecache
{
	var $u_action;
	var $style_root;

	function main($id, $mode)
	{
		global $db, $user, $auth, $template, $cache;
		global $phpbb_root_path, $phpEx;

		if (!$auth->acl_get('a_styles'))
		{
			trigger_error($user->lang['NOT_AUTHORISED'] . adm_back_link($this->u_action), E_USER_WARNING);
		}

		$user->add_lang('acp/styles');
		$this->tpl_name = 'acp_stylecache';
		$this->page_title = 'ACP_STYLECACHE';
		add_form_key('acp_stylecache');

		$style_id = request_var('sid_style', 0);
		$sql = 'SELECT style_id, style_name, template_path
			FROM ' . STYLES_TABLE . ' s, ' . STYLES_TEMPLATE_TABLE . ' t
			WHERE s.template_id = t.template_id';
		$result = $db->sql_query($sql);
		$styles = array();
		while ($row = $db->sql_fetchrow($result))
		{
			$styles[(int) $row['style_id']] = $row;
		}
		$db->sql_freeresult($result);

		if (!isset($styles[$style_id]))
		{
			$style_id = key($styles);
		}
		$this->style_root = $phpbb_root_path . 'styles/' . $styles[$style_id]['template_path'] . '/template/';

		switch ($mode)
		{
			case 'cache':
				if (isset($_POST['purge']))
				{
					$this->check_key('acp_stylecache');
					foreach ((array) glob($phpbb_root_path . 'cache/tpl_*.' . $phpEx) as $file)
					{
						@unlink($file);
					}
					add_log('admin', 'LOG_TEMPLATE_CACHE_CLEARED', $styles[$style_id]['style_name']);
				}
				$this->list_cache();
			break;

			case 'edit':
				$file = request_var('file', '');
				if ($file !== '')
				{
					$this->edit($file);
				}
			break;
		}

		foreach ($this->files() as $name)
		{
			$template->assign_block_vars('file', array(
				'NAME'		=> $name,
				'U_EDIT'	=> $this->u_action . '&amp;mode=edit&amp;sid_style=' . $style_id . '&amp;file=' . urlencode($name),
			));
		}
		$template->assign_vars(array('U_ACTION' => $this->u_action, 'STYLE_NAME' => $styles[$style_id]['style_name']));
	}

	function files()
	{
		return array_map('basename', (array) glob($this->style_root . '*.html'));
	}

	function list_cache()
	{
		global $template, $phpbb_root_path, $phpEx;

		foreach ((array) glob($phpbb_root_path . 'cache/tpl_*.' . $phpEx) as $file)
		{
			$template->assign_block_vars('cached', array(
				'NAME'	=> basename($file),
				'SIZE'	=> get_formatted_filesize(filesize($file)),
			));
		}
	}

	function edit($file)
	{
		global $template, $user;

		if (!in_array($file, $this->files(), true))
		{
			trigger_error($user->lang['NO_TEMPLATE_FILE'] . adm_back_link($this->u_action), E_USER_WARNING);
		}
		if (isset($_POST['save']))
		{
			$this->check_key('acp_stylecache');
			$data = utf8_normalize_nfc(request_var('template_data', '', true));
			$data = htmlspecialchars_decode($data);
			if (preg_match('#<\?|<!-- (PHP|INCLUDEPHP)#i', $data))
			{
				trigger_error($user->lang['NO_PHP_IN_TEMPLATE'] . adm_back_link($this->u_action), E_USER_WARNING);
			}
			$fp = fopen($this->style_root . $file, 'wb');
			fwrite($fp, $data);
			fclose($fp);
			add_log('admin', 'LOG_TEMPLATE_EDIT', $file);
		}
		$template->assign_var('TEMPLATE_DATA', htmlspecialchars(file_get_contents($this->style_root . $file)));
	}

	function check_key($name)
	{
		global $user;

		if (!check_form_key($name))
		{
			trigger_error($user->lang['FORM_INVALID'] . adm_back_link($this->u_action), E_USER_WARNING);
		}
	}
}

?>
