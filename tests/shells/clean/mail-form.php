<?php
/************************************************************
 * formmail.php - sends a form by mail.   Version 2.11
 * Set the addresses below. The form only gives the NUMBER or
 * the short name of the receiver, never the address itself.
 ************************************************************/

$receivers = array(
	'office'  => 'office@example-school.ch',
	'library' => 'library@example-school.ch',
	'sports'  => 'sports@example-school.ch',
);
$thanks_pages = array('office' => '/thanks.html', 'library' => '/library/thanks.html', 'sports' => '/thanks.html');
$max_fields = 30;
$max_file   = 1500000;
$file_types = array('pdf' => 'application/pdf', 'jpg' => 'image/jpeg', 'png' => 'image/png');

function stop($text) {
	echo '<html><body><h2>Sorry</h2><p>' . htmlspecialchars($text) . '</p><a href="javascript:history.back()">Back</a></body></html>';
	exit;
}

function one_line($s) {
	return trim(preg_replace('/[\r\n\t\0]+|%0a|%0d/i', ' ', $s));
}

if ($_SERVER['REQUEST_METHOD'] != 'POST') stop('Please use the form.');
if (!empty($_POST['website'])) stop('Thank you.');                    // honeypot
if (!isset($_POST['to']) || !isset($receivers[$_POST['to']])) stop('Unknown receiver.');
$to = $receivers[$_POST['to']];

$from = isset($_POST['email']) ? one_line($_POST['email']) : '';
if (!filter_var($from, FILTER_VALIDATE_EMAIL)) stop('Your mail address is not correct.');

$text = '';
$n = 0;
foreach ($_POST as $k => $v) {
	if (in_array($k, array('to', 'website', 'email')) || is_array($v)) continue;
	if (++$n > $max_fields) break;
	$text .= str_pad(substr(preg_replace('/\W/', ' ', $k), 0, 30), 32, '.') . ' ' . substr($v, 0, 5000) . "\n";
}
$text .= "\n-- \nSent on " . date('d.m.Y H:i') . ' from ' . $_SERVER['REMOTE_ADDR'] . "\n";

$boundary = '=_' . md5(uniqid('', true));
$head  = "From: webform@example-school.ch\r\nReply-To: $from\r\nMIME-Version: 1.0\r\n";
$head .= "Content-Type: multipart/mixed; boundary=\"$boundary\"";
$body  = "--$boundary\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
$body .= chunk_split(base64_encode($text));

if (isset($_FILES['attachment']) && $_FILES['attachment']['error'] == UPLOAD_ERR_OK) {
	$f = $_FILES['attachment'];
	$ext = strtolower(substr(strrchr($f['name'], '.'), 1));
	if (!isset($file_types[$ext])) stop('Only pdf, jpg and png can be attached.');
	if ($f['size'] > $max_file) stop('The file is too big.');
	$data = file_get_contents($f['tmp_name']);
	$magic = array('pdf' => '%PDF-', 'jpg' => "\xFF\xD8\xFF", 'png' => "\x89PNG");
	if (strncmp($data, $magic[$ext], strlen($magic[$ext])) !== 0) stop('The file is not what its name says.');
	$name = preg_replace('/[^\w.-]/', '_', one_line($f['name']));
	$body .= "\r\n--$boundary\r\nContent-Type: {$file_types[$ext]}; name=\"$name\"\r\n";
	$body .= "Content-Disposition: attachment; filename=\"$name\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
	$body .= chunk_split(base64_encode($data));
}
$body .= "\r\n--$boundary--\r\n";

if (!mail($to, 'Form from the web site', $body, $head, '-fwebform@example-school.ch')) {
	stop('The mail could not be sent, please call us.');
}
header('Location: ' . $thanks_pages[$_POST['to']]);
