<?
// index.php -- TischtennisVerein site, all pages run through here
// globals imported the hard way because the new server has register_globals off :-(
foreach (array('page', 'id', 'season', 'print') as $_k) {
	if (isset($_GET[$_k]) && !is_array($_GET[$_k])) $GLOBALS[$_k] = $_GET[$_k];
}
unset($_k);

require("inc/db.inc");
require("inc/func.inc");

$pages = array(
	"start"   => array("Willkommen",    "start.inc",   "show_start"),
	"teams"   => array("Mannschaften",  "teams.inc",   "show_teams"),
	"table"   => array("Tabelle",       "table.inc",   "show_table"),
	"report"  => array("Spielberichte", "report.inc",  "show_report"),
	"photos"  => array("Fotos",         "photos.inc",  "show_photos"),
	"contact" => array("Kontakt",       "contact.inc", "show_contact"),
);

if (empty($page) or !isset($pages[$page])) $page = "start";
$id     = isset($id) ? (int)$id : 0;
$season = isset($season) && ereg('^[0-9]{4}-[0-9]{2}$', $season) ? $season : "2003-04";
$print  = !empty($print);

list($title, $file, $func) = $pages[$page];
include("inc/" . $file);

function menu_item($key, $title, $here)
{
	if ($key == $here) return "<b>$title</b><br>\n";
	return "<a href=\"index.php?page=$key\">$title</a><br>\n";
}

// hit counter, one file for every page
$cf = "counter/$page.cnt";
$n = file_exists($cf) ? (int)implode("", file($cf)) : 0;
$n++;
if ($fp = @fopen($cf, "w")) {
	fputs($fp, $n);
	fclose($fp);
}
?>
<html>
<head>
<title>TTV Blau-Weiss: <?=$title?></title>
<? if ($print) { ?><link rel="stylesheet" href="print.css"><? } else { ?><link rel="stylesheet" href="style.css"><? } ?>
</head>
<body>
<table width="760" cellpadding="0" cellspacing="0">
<tr>
<? if (!$print) { ?>
<td width="140" valign="top" bgcolor="#ddddff">
<?
	reset($pages);
	while (list($key, $p) = each($pages)) echo menu_item($key, $p[0], $page);
?>
<br><small><?=$n?> Besucher</small>
</td>
<? } ?>
<td valign="top">
<h1><?=$title?></h1>
<? $func($id, $season); ?>
</td>
</tr>
</table>
<? if (!$print) { ?>
<small><a href="index.php?page=<?=$page?>&id=<?=$id?>&season=<?=$season?>&print=1">Druckversion</a></small>
<? } ?>
</body>
</html>
