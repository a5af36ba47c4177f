<?php
/**
 * @package     Joomla.Site
 * @subpackage  mod_latestdownloads
 * @copyright   Copyright (C) 2015 Open Parish Software. All rights reserved.
 * @license     GNU General Public License version 2 or later; see LICENSE.txt
 */

defined('_JEXEC') or die;

use Joomla\Registry\Registry;

jimport('joomla.filesystem.folder');
jimport('joomla.filesystem.file');

abstract class ModLatestDownloadsHelper
{
	/**
	 * Collect the newest files of the configured folder
	 */
	public static function getList(Registry $params)
	{
		$folder = JPath::clean(JPATH_ROOT . '/images/' . trim($params->get('folder', 'downloads'), '/'));
		$filter = '\.(' . implode('|', array_map('preg_quote', (array) $params->get('extensions', array('pdf')))) . ')$';

		if (!JFolder::exists($folder))
		{
			return array();
		}

		$list = array();

		foreach (JFolder::files($folder, $filter, (bool) $params->get('recursive', 0), true) as $path)
		{
			$rel = str_replace(DIRECTORY_SEPARATOR, '/', substr($path, strlen(JPATH_ROOT) + 1));

			$item        = new stdClass;
			$item->link  = JUri::root(true) . '/' . implode('/', array_map('rawurlencode', explode('/', $rel)));
			$item->title = ucfirst(str_replace(array('_', '-'), ' ', JFile::stripExt(basename($path))));
			$item->ext   = strtolower(JFile::getExt($path));
			$item->size  = JHtml::_('number.bytes', filesize($path));
			$item->date  = JHtml::_('date', filemtime($path), JText::_('DATE_FORMAT_LC4'));
			$item->time  = filemtime($path);
			$list[]      = $item;
		}

		usort($list, function ($a, $b) {
			return $b->time - $a->time;
		});

		return array_slice($list, 0, (int) $params->get('count', 5));
	}

	/**
	 * com_ajax entry point: index.php?option=com_ajax&module=latestdownloads&method=count&format=json
	 */
	public static function countAjax()
	{
		$input = JFactory::getApplication()->input;
		$id    = $input->getInt('id', 0);

		JSession::checkToken('get') or jexit(JText::_('JINVALID_TOKEN'));

		$db    = JFactory::getDbo();
		$query = $db->getQuery(true)
			->update($db->quoteName('#__latestdownloads_hits'))
			->set($db->quoteName('hits') . ' = ' . $db->quoteName('hits') . ' + 1')
			->where($db->quoteName('id') . ' = ' . $id);
		$db->setQuery($query)->execute();

		$query->clear()->select('hits')->from('#__latestdownloads_hits')->where('id = ' . $id);

		return (int) $db->setQuery($query)->loadResult();
	}

	public static function getLayout(Registry $params)
	{
		return JModuleHelper::getLayoutPath('mod_latestdownloads', $params->get('layout', 'default'));
	}
}
