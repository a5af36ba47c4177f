<?php
/* tiles.php?s=osm&z=12&x=2200&y=1343  - caching proxy for map tiles (https mixed content + offline kiosk) */

$sources = array(
	'osm'  => 'https://tile.openstreetmap.org/%d/%d/%d.png',
	'topo' => 'https://a.tile.opentopomap.org/%d/%d/%d.png',
	'bike' => 'https://tile.thunderforest.com/cycle/%d/%d/%d.png?apikey=' . trim(@file_get_contents('/etc/kiosk/thunderforest.key')),
);
$ttl = 14 * 86400;
$cachedir = dirname(__FILE__) . '/tilecache';

$s = isset($_GET['s']) ? $_GET['s'] : 'osm';
$z = (int)@$_GET['z'];
$x = (int)@$_GET['x'];
$y = (int)@$_GET['y'];

if (!isset($sources[$s]) || $z < 0 || $z > 19 || $x < 0 || $y < 0 || $x >= (1 << $z) || $y >= (1 << $z)) {
	header('HTTP/1.1 400 Bad Request');
	exit('bad tile');
}

// only our own pages may use it
if (!empty($_SERVER['HTTP_REFERER'])) {
	$h = parse_url($_SERVER['HTTP_REFERER'], PHP_URL_HOST);
	if ($h != $_SERVER['SERVER_NAME'] && $h != 'localhost') {
		header('HTTP/1.1 403 Forbidden');
		exit;
	}
}

$file = "$cachedir/$s/$z/$x/$y.png";

if (!is_file($file) || filemtime($file) < time() - $ttl) {
	@mkdir(dirname($file), 0755, true);
	$tmp = $file . '.' . getmypid();
	$fp = fopen($tmp, 'w');
	$ch = curl_init(sprintf($sources[$s], $z, $x, $y));
	curl_setopt_array($ch, array(
		CURLOPT_FILE           => $fp,
		CURLOPT_HEADER         => false,
		CURLOPT_TIMEOUT        => 10,
		CURLOPT_FOLLOWLOCATION => false,
		CURLOPT_USERAGENT      => 'ParkKiosk/2.0 (webmaster@park.example)',
	));
	curl_exec($ch);
	$code = curl_getinfo($ch, CURLINFO_HTTP_CODE);
	$type = curl_getinfo($ch, CURLINFO_CONTENT_TYPE);
	curl_close($ch);
	fclose($fp);

	if ($code == 200 && strpos($type, 'image/png') === 0) {
		rename($tmp, $file);
	} else {
		unlink($tmp);
		if (!is_file($file)) {
			header('HTTP/1.1 502 Bad Gateway');
			header('Content-Type: image/png');
			readfile('img/notile.png');
			exit;
		}
	}
}

$etag = '"' . md5($file . filemtime($file)) . '"';
header('ETag: ' . $etag);
header('Cache-Control: public, max-age=86400');
if (isset($_SERVER['HTTP_IF_NONE_MATCH']) && $_SERVER['HTTP_IF_NONE_MATCH'] == $etag) {
	header('HTTP/1.1 304 Not Modified');
	exit;
}
header('Content-Type: image/png');
readfile($file);
