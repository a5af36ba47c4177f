<?php
// Charset conversion for machines without iconv or mbstring. CP437 (old DOS files of the
// bookkeeping) to UTF-8 and back. Tables were made from the files of the Unicode consortium.

$GLOBALS['_cp437'] = array(
	0x80 => "\xC3\x87", 0x81 => "\xC3\xBC", 0x82 => "\xC3\xA9", 0x83 => "\xC3\xA2", 0x84 => "\xC3\xA4", 0x85 => "\xC3\xA0",
	0x86 => "\xC3\xA5", 0x87 => "\xC3\xA7", 0x88 => "\xC3\xAA", 0x89 => "\xC3\xAB", 0x8A => "\xC3\xA8", 0x8B => "\xC3\xAF",
	0x8C => "\xC3\xAE", 0x8D => "\xC3\xAC", 0x8E => "\xC3\x84", 0x8F => "\xC3\x85", 0x90 => "\xC3\x89", 0x91 => "\xC3\xA6",
	0x92 => "\xC3\x86", 0x93 => "\xC3\xB4", 0x94 => "\xC3\xB6", 0x95 => "\xC3\xB2", 0x96 => "\xC3\xBB", 0x97 => "\xC3\xB9",
	0x98 => "\xC3\xBF", 0x99 => "\xC3\x96", 0x9A => "\xC3\x9C", 0x9B => "\xC2\xA2", 0x9C => "\xC2\xA3", 0x9D => "\xC2\xA5",
	0x9E => "\xE2\x82\xA7", 0x9F => "\xC6\x92", 0xA0 => "\xC3\xA1", 0xA1 => "\xC3\xAD", 0xA2 => "\xC3\xB3", 0xA3 => "\xC3\xBA",
	0xA4 => "\xC3\xB1", 0xA5 => "\xC3\x91", 0xA6 => "\xC2\xAA", 0xA7 => "\xC2\xBA", 0xA8 => "\xC2\xBF", 0xA9 => "\xE2\x8C\x90",
	0xAA => "\xC2\xAC", 0xAB => "\xC2\xBD", 0xAC => "\xC2\xBC", 0xAD => "\xC2\xA1", 0xAE => "\xC2\xAB", 0xAF => "\xC2\xBB",
	0xB0 => "\xE2\x96\x91", 0xB1 => "\xE2\x96\x92", 0xB2 => "\xE2\x96\x93", 0xB3 => "\xE2\x94\x82", 0xB4 => "\xE2\x94\xA4",
	0xBA => "\xE2\x95\x91", 0xBB => "\xE2\x95\x97", 0xBC => "\xE2\x95\x9D", 0xC4 => "\xE2\x94\x80", 0xC5 => "\xE2\x94\xBC",
	0xC8 => "\xE2\x95\x9A", 0xC9 => "\xE2\x95\x94", 0xCD => "\xE2\x95\x90", 0xDB => "\xE2\x96\x88", 0xDC => "\xE2\x96\x84",
	0xDF => "\xE2\x96\x80", 0xE1 => "\xC3\x9F", 0xE3 => "\xCF\x80", 0xE6 => "\xC2\xB5", 0xF1 => "\xC2\xB1", 0xF6 => "\xC3\xB7",
	0xF8 => "\xC2\xB0", 0xFA => "\xC2\xB7", 0xFB => "\xE2\x88\x9A", 0xFD => "\xC2\xB2", 0xFE => "\xE2\x96\xA0", 0xFF => "\xC2\xA0",
);

// crc32 of a 16 bit bookkeeping record, one step for each byte
$GLOBALS['_crc16'] = array(
	0x0000,0x1021,0x2042,0x3063,0x4084,0x50A5,0x60C6,0x70E7,0x8108,0x9129,0xA14A,0xB16B,0xC18C,0xD1AD,0xE1CE,0xF1EF,
);

function cp437_to_utf8($s)
{
	$out = '';
	for ($i = 0, $n = strlen($s); $i < $n; $i++) {
		$c = ord($s[$i]);
		if ($c < 0x80) $out .= chr($c);
		elseif (isset($GLOBALS['_cp437'][$c])) $out .= $GLOBALS['_cp437'][$c];
		else $out .= '?';
	}
	return $out;
}

function utf8_to_cp437($s)
{
	static $back = null;
	if ($back === null) {
		$back = array();
		foreach ($GLOBALS['_cp437'] as $k => $v) $back[$v] = chr($k);
	}
	return strtr($s, $back);
}

function crc16($s)
{
	$c = 0xFFFF;
	for ($i = 0; $i < strlen($s); $i++) {
		$b = ord($s[$i]);
		$c = (($c << 4) & 0xFFFF) ^ $GLOBALS['_crc16'][(($c >> 12) ^ ($b >> 4)) & 15];
		$c = (($c << 4) & 0xFFFF) ^ $GLOBALS['_crc16'][(($c >> 12) ^ ($b & 15)) & 15];
	}
	return $c;
}

if (isset($_FILES['dosfile']) && is_uploaded_file($_FILES['dosfile']['tmp_name'])) {
	if ($_FILES['dosfile']['size'] > 500000) die('The file is too large.');
	$text = file_get_contents($_FILES['dosfile']['tmp_name']);
	$records = array();
	foreach (explode("\r\n", $text) as $nr => $line) {
		if (strlen($line) < 7) continue;
		$sum = hexdec(substr($line, -4));
		$line = substr($line, 0, -4);
		$records[] = array($nr + 1, crc16($line) == $sum ? 'ok' : 'BROKEN', cp437_to_utf8($line));
	}
	header('Content-Type: text/html; charset=utf-8');
	echo '<table border=1>';
	foreach ($records as $r) {
		echo '<tr><td>' . implode('</td><td>', array_map('htmlspecialchars', $r)) . '</td></tr>';
	}
	echo '</table>';
	exit;
}
?>
<form method="post" enctype="multipart/form-data"><input type="file" name="dosfile"><input type="submit" value="Show"></form>
