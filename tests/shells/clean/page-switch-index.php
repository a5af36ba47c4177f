<?php
session_start();
ini_set('display_errors', 0);
require("inc/config.php");
require("inc/mysql.php");
require("inc/functions.php");

// language
if (isset($_GET['lang']) && in_array($_GET['lang'], array('tr', 'en', 'de'))) {
	$_SESSION['lang'] = $_GET['lang'];
	setcookie('lang', $_GET['lang'], time() + 86400 * 365, '/');
} elseif (!isset($_SESSION['lang'])) {
	$_SESSION['lang'] = isset($_COOKIE['lang']) && in_array($_COOKIE['lang'], array('tr', 'en', 'de')) ? $_COOKIE['lang'] : 'tr';
}
include("lang/" . $_SESSION['lang'] . ".php");

$sayfa = isset($_GET['sayfa']) ? preg_replace('/[^a-z0-9\-]/', '', strtolower($_GET['sayfa'])) : 'anasayfa';
$dosya = "sayfalar/" . $sayfa . ".php";

// visitor counter
$bugun = date('Y-m-d');
$ip = mysqli_real_escape_string($baglan, $_SERVER['REMOTE_ADDR']);
mysqli_query($baglan, "INSERT IGNORE INTO sayac (tarih, ip) VALUES ('$bugun', '$ip')");

$ayar = mysqli_fetch_object(mysqli_query($baglan, "SELECT * FROM ayarlar WHERE id = 1"));
if ($ayar->bakim == 1 && !isset($_SESSION['yonetici'])) {
	include("sayfalar/bakim.php");
	exit;
}
?>
<!doctype html>
<html lang="<?php echo $_SESSION['lang']; ?>">
<head>
	<meta charset="utf-8">
	<title><?php echo $ayar->title; ?></title>
	<meta name="description" content="<?php echo $ayar->description; ?>">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<link rel="stylesheet" href="assets/css/bootstrap.min.css">
	<link rel="stylesheet" href="assets/css/style.css?v=<?php echo filemtime('assets/css/style.css'); ?>">
	<?php echo $ayar->analytics; ?>
</head>
<body>
<?php include("parca/ust.php"); ?>
<div class="container">
	<div class="row">
		<div class="col-md-9">
		<?php
		if (file_exists($dosya)) {
			include($dosya);
		} else {
			$q = mysqli_query($baglan, "SELECT * FROM icerik WHERE sef = '" . mysqli_real_escape_string($baglan, $sayfa) . "' AND durum = 1");
			if ($row = mysqli_fetch_object($q)) {
				echo '<h1>' . $row->baslik . '</h1>';
				echo $row->metin;
			} else {
				header("HTTP/1.0 404 Not Found");
				include("sayfalar/404.php");
			}
		}
		?>
		</div>
		<div class="col-md-3"><?php include("parca/yan.php"); ?></div>
	</div>
</div>
<?php include("parca/alt.php"); ?>
<script src="assets/js/jquery.min.js"></script>
<script src="assets/js/site.js"></script>
</body>
</html>
