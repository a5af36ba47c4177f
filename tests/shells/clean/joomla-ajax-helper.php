<?php
/**
 * @package     Joomla.Site
 * @subpackage  mod_eventlist
 * @copyright   Copyright (C) 2016 Nordlicht Media
 * @license     GNU General Public License version 2 or later
 */

defined('_JEXEC') or die;

use Joomla\CMS\Factory;
use Joomla\CMS\Helper\ModuleHelper;
use Joomla\CMS\Session\Session;

class ModEventlistHelper
{
	/**
	 * Tasks which com_ajax may call; every one is a protected static method "task" + name.
	 */
	const TASKS = array('month', 'day', 'subscribe');

	public static function getAjax()
	{
		$app  = Factory::getApplication();
		$task = $app->input->getCmd('task', 'month');

		if (!in_array($task, self::TASKS, true))
		{
			throw new RuntimeException('Unknown task', 404);
		}

		$method = 'task' . ucfirst($task);

		if (!method_exists(__CLASS__, $method))
		{
			throw new RuntimeException('Unknown task', 404);
		}

		return call_user_func(array(__CLASS__, $method), $app->input);
	}

	protected static function taskMonth($input)
	{
		$year  = $input->getInt('year', (int) date('Y'));
		$month = min(12, max(1, $input->getInt('month', (int) date('n'))));
		$from  = sprintf('%04d-%02d-01', $year, $month);

		$db    = Factory::getDbo();
		$query = $db->getQuery(true)
			->select($db->quoteName(array('id', 'title', 'start')))
			->from($db->quoteName('#__eventlist_events'))
			->where($db->quoteName('published') . ' = 1')
			->where($db->quoteName('start') . ' >= ' . $db->quote($from))
			->where($db->quoteName('start') . ' < DATE_ADD(' . $db->quote($from) . ', INTERVAL 1 MONTH)')
			->order('start ASC');

		return $db->setQuery($query)->loadObjectList();
	}

	protected static function taskDay($input)
	{
		$date = $input->getString('date');

		if (!preg_match('/^\d{4}-\d{2}-\d{2}$/', $date))
		{
			return array();
		}

		$db    = Factory::getDbo();
		$query = $db->getQuery(true)
			->select('*')
			->from('#__eventlist_events')
			->where('published = 1 AND DATE(start) = ' . $db->quote($date));

		return $db->setQuery($query)->loadObjectList();
	}

	protected static function taskSubscribe($input)
	{
		Session::checkToken() or jexit('Invalid Token');
		$user = Factory::getUser();

		if ($user->guest)
		{
			throw new RuntimeException('Please log in', 403);
		}

		$row = (object) array('user_id' => (int) $user->id, 'event_id' => $input->getInt('id'));

		return Factory::getDbo()->insertObject('#__eventlist_subscribers', $row);
	}

	public static function display($params, $module)
	{
		$layout = $params->get('layout', 'default');
		$events = self::taskMonth(Factory::getApplication()->input);

		require ModuleHelper::getLayoutPath('mod_eventlist', $layout);
	}
}
