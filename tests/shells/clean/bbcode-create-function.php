<?php
// +----------------------------------------------------------------------+
// | bbcode.lib.php  - BBCode for PHP 4.1 - 5.2                            |
// | (C) 2004-2007 the Drachenhort team                                    |
// +----------------------------------------------------------------------+

class BBCode
{
	var $tags = array();
	var $pre = array();
	var $errors = array();

	function BBCode()
	{
		$this->simple('b', 'strong');
		$this->simple('i', 'em');
		$this->simple('u', 'u');
		$this->simple('quote', 'blockquote');

		$this->add('color', create_function('$text, $arg', '
			if (!preg_match("/^(#[0-9a-f]{3,6}|[a-z]{3,20})$/i", $arg)) return $text;
			return "<span style=\"color: $arg\">$text</span>";
		'));
		$this->add('size', create_function('$text, $arg', '
			$n = max(8, min(24, (int) $arg));
			return "<span style=\"font-size: {$n}px\">$text</span>";
		'));
		$this->add('url', array(&$this, 'tag_url'));
		$this->add('img', array(&$this, 'tag_img'));
		$this->add('spoiler', 'bbcode_spoiler');
	}

	function simple($tag, $html)
	{
		$this->tags[$tag] = create_function('$text, $arg', 'return "<' . $html . '>" . $text . "</' . $html . '>";');
	}

	function add($tag, $callback)
	{
		if (!is_callable($callback)) {
			$this->errors[] = $tag;
			return;
		}
		$this->tags[$tag] = $callback;
	}

	function tag_url($text, $arg)
	{
		$url = $arg != '' ? $arg : strip_tags($text);
		if (!preg_match('#^(https?|ftp)://[^\s"<>]+$#i', $url)) return $text;
		return '<a href="' . $url . '" rel="nofollow">' . $text . '</a>';
	}

	function tag_img($text, $arg)
	{
		if (!preg_match('#^https?://[\w./%~-]+\.(gif|jpe?g|png)$#i', $text)) return $text;
		return '<img src="' . $text . '" alt="" border="0">';
	}

	function keep_code($m)
	{
		$key = "\x01" . count($this->pre) . "\x01";
		// show PHP in colours, but only as text
		if ($m[1] == 'php') {
			$src = html_entity_decode($m[2]);
			if (strpos($src, '<?') === false) $src = "<?php\n" . $src . "\n?>";
			$this->pre[$key] = '<div class="code">' . highlight_string($src, true) . '</div>';
		} else {
			$this->pre[$key] = '<pre class="code">' . $m[2] . '</pre>';
		}
		return $key;
	}

	function one($m)
	{
		$tag = strtolower($m[1]);
		if (!isset($this->tags[$tag])) return $m[0];
		return call_user_func($this->tags[$tag], $m[3], isset($m[2]) ? ltrim($m[2], '=') : '');
	}

	function parse($text)
	{
		$this->pre = array();
		$text = htmlspecialchars($text);
		$text = preg_replace_callback('#\[(code|php)\](.*?)\[/\1\]#is', array(&$this, 'keep_code'), $text);
		$names = implode('|', array_map('preg_quote', array_keys($this->tags)));
		for ($i = 0; $i < 8; $i++) {
			$before = $text;
			$text = preg_replace_callback('#\[(' . $names . ')(=[^\]]*)?\]((?:(?!\[\1).)*?)\[/\1\]#is', array(&$this, 'one'), $text);
			if ($text === $before) break;
		}
		$text = nl2br($text);
		return strtr($text, $this->pre);
	}
}

function bbcode_spoiler($text, $arg)
{
	static $n = 0;
	$n++;
	return "<a href=\"#\" onclick=\"var s=document.getElementById('sp$n').style;s.display=s.display=='none'?'':'none';return false\">Spoiler</a><div id=\"sp$n\" style=\"display:none\">$text</div>";
}
?>
