<?php
/**
 * Bramble: event hooks and plugins.
 *
 * Plugins live in plugins/<name>/plugin.php and are loaded when their name is on the list of
 * active plugins, which the administrator edits.
 */
class Bramble_Hooks
{
    private static $hooks = array();
    private static $current = array();

    public static function add($event, $callback, $priority = 10, $args = 1)
    {
        if (!is_callable($callback)) {
            trigger_error("Hook for $event cannot be called", E_USER_WARNING);
            return false;
        }
        self::$hooks[$event][$priority][] = array($callback, $args);
        return true;
    }

    public static function filter($event, $value)
    {
        if (empty(self::$hooks[$event])) {
            return $value;
        }
        $args = func_get_args();
        array_shift($args);
        array_push(self::$current, $event);
        ksort(self::$hooks[$event]);
        foreach (self::$hooks[$event] as $list) {
            foreach ($list as $entry) {
                list($callback, $count) = $entry;
                $args[0] = $value;
                $value = call_user_func_array($callback, array_slice($args, 0, $count));
            }
        }
        array_pop(self::$current);
        return $value;
    }

    public static function fire($event)
    {
        $args = func_get_args();
        array_shift($args);
        if (isset(self::$hooks[$event])) {
            ksort(self::$hooks[$event]);
            foreach (self::$hooks[$event] as $list) {
                foreach ($list as $entry) {
                    call_user_func_array($entry[0], array_slice($args, 0, $entry[1]));
                }
            }
        }
    }
}

class Bramble_Plugins
{
    private $dir;
    private $active;
    private $settings;

    public function __construct($dir, $settings)
    {
        $this->dir = $dir;
        $this->settings = $settings;
        $this->active = (array) json_decode($settings->get('plugins.active', '[]'), true);
    }

    public function load()
    {
        foreach ($this->active as $name) {
            $file = $this->fileOf($name);
            if ($file === null) {
                continue;
            }
            include_once $file;
            $init = 'bramble_' . str_replace('-', '_', $name) . '_init';
            if (function_exists($init)) {
                $init();
            }
        }
        Bramble_Hooks::fire('plugins.loaded', $this->active);
    }

    public function installed()
    {
        $all = array();
        foreach (glob($this->dir . '/*/plugin.php') as $file) {
            $name = basename(dirname($file));
            $head = file_get_contents($file, false, null, 0, 2048);
            preg_match('/^\s*\*\s*Title:\s*(.+)$/mi', $head, $m);
            $all[$name] = array('title' => isset($m[1]) ? trim($m[1]) : $name, 'active' => in_array($name, $this->active, true));
        }
        return $all;
    }

    public function setActive(array $names, Bramble_User $user)
    {
        if (!$user->may('plugins.manage')) {
            throw new Bramble_Forbidden();
        }
        $known = array_keys($this->installed());
        $this->active = array_values(array_intersect($known, $names));
        $this->settings->set('plugins.active', json_encode($this->active));
    }

    private function fileOf($name)
    {
        if (!is_string($name) || !preg_match('/^[a-z][a-z0-9-]{1,30}$/D', $name)) {
            return null;
        }
        $file = $this->dir . '/' . $name . '/plugin.php';
        return is_file($file) ? $file : null;
    }
}
