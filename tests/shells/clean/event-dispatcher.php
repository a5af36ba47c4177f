<?php
/**
 * Hooks: a tiny publish/subscribe used by all modules.
 *
 *   Hooks::on('post.save', array('Search', 'reindex'), 20);
 *   Hooks::on('page.title', 'smart_quotes');
 *   $title = Hooks::filter('page.title', $title, $page);
 */
class Hooks
{
	private static $list = array();
	private static $sorted = array();
	private static $stack = array();
	public static $trace = array();

	public static function on($event, $callback, $priority = 10)
	{
		if (!is_callable($callback, true, $name)) {
			trigger_error("Hooks::on($event): not callable", E_USER_WARNING);
			return false;
		}
		self::$list[$event][$priority][$name] = $callback;
		unset(self::$sorted[$event]);
		return true;
	}

	public static function off($event, $callback = null)
	{
		if ($callback === null) {
			unset(self::$list[$event], self::$sorted[$event]);
			return;
		}
		is_callable($callback, true, $name);
		foreach (self::$list[$event] as $p => $cbs) {
			unset(self::$list[$event][$p][$name]);
		}
		unset(self::$sorted[$event]);
	}

	public static function fire($event)
	{
		$args = func_get_args();
		array_shift($args);
		$results = array();
		self::$stack[] = $event;
		foreach (self::handlers($event) as $cb) {
			$start = microtime(true);
			$r = call_user_func_array($cb, $args);
			if (defined('DEBUG') && DEBUG) {
				self::$trace[] = array($event, self::label($cb), round((microtime(true) - $start) * 1000, 2));
			}
			if ($r === false) {
				break;
			}
			$results[] = $r;
		}
		array_pop(self::$stack);
		return $results;
	}

	public static function filter($event, $value)
	{
		$args = array_slice(func_get_args(), 1);
		foreach (self::handlers($event) as $cb) {
			$args[0] = $value;
			$value = call_user_func_array($cb, $args);
		}
		return $value;
	}

	public static function current()
	{
		return end(self::$stack);
	}

	private static function handlers($event)
	{
		if (!isset(self::$sorted[$event])) {
			self::$sorted[$event] = array();
			if (isset(self::$list[$event])) {
				ksort(self::$list[$event]);
				self::$sorted[$event] = call_user_func_array('array_merge', array_map('array_values', array_values(self::$list[$event])));
			}
		}
		return self::$sorted[$event];
	}

	private static function label($cb)
	{
		if (is_string($cb)) return $cb;
		if (is_array($cb)) return (is_object($cb[0]) ? get_class($cb[0]) : $cb[0]) . '::' . $cb[1];
		return 'closure';
	}
}

// modules register themselves
foreach (glob(dirname(__FILE__) . '/../modules/*/hooks.php') as $__f) {
	include_once $__f;
}
unset($__f);
