<?php
/* include/language.php - chooses the language of the page, then loads its strings */

if (!defined('IN_CLUBSITE')) { die('Hacking attempt'); }

$CONF['languages'] = array(
	'de' => array('deutsch',  'de_DE'),
	'en' => array('english',  'en_GB'),
	'fr' => array('francais', 'fr_FR'),
	'nl' => array('nederlands', 'nl_NL'),
);

function detect_language()
{
	global $CONF;

	// 1. the visitor clicked on a flag
	if (isset($_GET['lang']) && isset($CONF['languages'][$_GET['lang']])) {
		setcookie('lang', $_GET['lang'], time() + 86400 * 365, '/');
		return $_GET['lang'];
	}
	// 2. the visitor clicked earlier
	if (isset($_COOKIE['lang']) && isset($CONF['languages'][$_COOKIE['lang']])) {
		return $_COOKIE['lang'];
	}
	// 3. the browser tells
	$accept = isset($_SERVER['HTTP_ACCEPT_LANGUAGE']) ? $_SERVER['HTTP_ACCEPT_LANGUAGE'] : '';
	foreach (explode(',', $accept) as $part) {
		$code = strtolower(substr(trim($part), 0, 2));
		if (isset($CONF['languages'][$code])) {
			return $code;
		}
	}
	return 'en';
}

$lang_code = detect_language();
list($lang_dir, $lang_locale) = $CONF['languages'][$lang_code];
setlocale(LC_TIME, $lang_locale . '.UTF-8', $lang_locale);

$lang = array();
include dirname(__FILE__) . '/../lang/' . $lang_dir . '/common.php';

// the page may have strings of its own
$section = isset($_REQUEST['section']) ? $_REQUEST['section'] : 'home';
switch ($section) {
	case 'home':
	case 'teams':
	case 'results':
	case 'calendar':
	case 'contact':
		include dirname(__FILE__) . "/../lang/$lang_dir/$section.php";
		break;
	default:
		$section = 'home';
		include dirname(__FILE__) . "/../lang/$lang_dir/home.php";
}

function t($key)
{
	global $lang;
	$args = func_get_args();
	array_shift($args);
	$text = isset($lang[$key]) ? $lang[$key] : '[' . $key . ']';
	return $args ? vsprintf($text, $args) : $text;
}

// design: a folder name made of letters, and it has to have a layout
$design = isset($_COOKIE['design']) ? preg_replace('/[^a-z]/', '', $_COOKIE['design']) : 'classic';
if (!file_exists(dirname(__FILE__) . '/../designs/' . $design . '/layout.php')) {
	$design = 'classic';
}
require dirname(__FILE__) . '/../designs/' . $design . '/layout.php';
?>
