<?php
// tile.php?u=...   Fetches map tiles for the intranet map, so that browsers without
// internet access can see it. Only the tile servers below are asked.

$hosts = array(
	'a.tile.openstreetmap.org' => 86400,
	'b.tile.openstreetmap.org' => 86400,
	'c.tile.openstreetmap.org' => 86400,
	'tiles.geo.example.gov'    => 604800,
);

function bail($code, $text) {
	header("HTTP/1.1 $code");
	header('Content-Type: text/plain');
	echo $text;
	exit;
}

$u = isset($_GET['u']) ? $_GET['u'] : '';
$p = parse_url($u);
if (!$p || empty($p['scheme']) || empty($p['host']) || empty($p['path'])) {
	bail('400 Bad Request', 'u is not an address');
}
if ($p['scheme'] !== 'https' && $p['scheme'] !== 'http') {
	bail('400 Bad Request', 'scheme');
}
if (isset($p['user']) || isset($p['port']) || isset($p['query'])) {
	bail('400 Bad Request', 'too much in the address');
}
$host = strtolower($p['host']);
if (!isset($hosts[$host])) {
	bail('403 Forbidden', 'host is not on the list');
}
if (!preg_match('~^(/[a-z]+)?/(\d{1,2})/(\d{1,7})/(\d{1,7})\.png$~D', $p['path'], $m)) {
	bail('404 Not Found', 'not a tile');
}

$cacheFile = dirname(__FILE__) . '/cache/' . md5($host . $p['path']) . '.png';
if (!is_file($cacheFile) || filemtime($cacheFile) < time() - $hosts[$host]) {
	$ctx = stream_context_create(array('http' => array(
		'timeout'         => 10,
		'follow_location' => 0,
		'user_agent'      => 'intranet-map/1.1 (gis@example.gov)',
	)));
	$data = @file_get_contents('https://' . $host . $p['path'], false, $ctx, 0, 300000);
	if ($data === false) {
		if (!is_file($cacheFile)) {
			bail('502 Bad Gateway', 'tile server does not answer');
		}
	} elseif (substr($data, 0, 8) === "\x89PNG\r\n\x1a\n") {
		$tmp = $cacheFile . '.' . getmypid();
		file_put_contents($tmp, $data);
		rename($tmp, $cacheFile);
	} else {
		bail('502 Bad Gateway', 'not a picture');
	}
}

$etag = '"' . md5_file($cacheFile) . '"';
if (isset($_SERVER['HTTP_IF_NONE_MATCH']) && $_SERVER['HTTP_IF_NONE_MATCH'] === $etag) {
	header('HTTP/1.1 304 Not Modified');
	exit;
}
header('Content-Type: image/png');
header('Cache-Control: public, max-age=' . $hosts[$host]);
header('ETag: ' . $etag);
header('Content-Length: ' . filesize($cacheFile));
readfile($cacheFile);
