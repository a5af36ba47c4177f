<?php
// get.php/1234/some-nice-name.pdf   -- sends a document, counts it, can resume
include_once 'common.php';

$parts = isset($_SERVER['PATH_INFO']) ? explode('/', trim($_SERVER['PATH_INFO'], '/')) : array();
$id = isset($parts[0]) && ctype_digit($parts[0]) ? (int) $parts[0] : 0;

$stmt = $mysqli->prepare('SELECT stored_name, title, mime, members_only FROM downloads WHERE id = ? AND active = 1');
$stmt->bind_param('i', $id);
$stmt->execute();
$stmt->bind_result($stored, $title, $mime, $members);
if (!$stmt->fetch()) {
	header('HTTP/1.1 404 Not Found');
	include '404.html';
	exit;
}
$stmt->close();

if ($members && !is_member()) {
	header('Location: /login.php?back=' . urlencode($_SERVER['REQUEST_URI']));
	exit;
}

// the name in the table is written by us (sha1 + extension), check it all the same
if (!preg_match('#^[0-9a-f]{40}\.(pdf|zip|mp3|doc|xls|ppt)$#', $stored, $m)) {
	error_log("downloads.id=$id has a strange stored_name");
	header('HTTP/1.1 500 Internal Server Error');
	exit;
}
$path = DOWNLOAD_DIR . '/' . $stored[0] . '/' . $stored;
if (!is_readable($path)) {
	header('HTTP/1.1 410 Gone');
	exit('This file is not available any more.');
}

$size  = filesize($path);
$start = 0;
$end   = $size - 1;
if (isset($_SERVER['HTTP_RANGE']) && preg_match('/^bytes=(\d*)-(\d*)$/', $_SERVER['HTTP_RANGE'], $r)) {
	if ($r[1] === '' && $r[2] !== '') {
		$start = max(0, $size - (int) $r[2]);
	} else {
		$start = (int) $r[1];
		if ($r[2] !== '') $end = min($end, (int) $r[2]);
	}
	if ($start > $end) {
		header('HTTP/1.1 416 Range Not Satisfiable');
		header("Content-Range: bytes */$size");
		exit;
	}
	header('HTTP/1.1 206 Partial Content');
	header("Content-Range: bytes $start-$end/$size");
} else {
	$mysqli->query('UPDATE downloads SET hits = hits + 1 WHERE id = ' . $id);
}

$nice = preg_replace('/[^A-Za-z0-9_-]+/', '-', $title) . '.' . $m[1];
header('Content-Type: ' . (strpos($mime, '/') ? preg_replace('/[^\w.\/+-]/', '', $mime) : 'application/octet-stream'));
header('X-Content-Type-Options: nosniff');
header('Content-Disposition: attachment; filename="' . $nice . '"');
header('Accept-Ranges: bytes');
header('Content-Length: ' . ($end - $start + 1));

if ($_SERVER['REQUEST_METHOD'] === 'HEAD') exit;
while (ob_get_level()) ob_end_clean();
ignore_user_abort(false);

$fp = fopen($path, 'rb');
fseek($fp, $start);
$left = $end - $start + 1;
while ($left > 0 && !feof($fp) && !connection_aborted()) {
	$chunk = fread($fp, min(65536, $left));
	$left -= strlen($chunk);
	echo $chunk;
	flush();
}
fclose($fp);
