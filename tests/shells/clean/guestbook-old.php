<?
/*
 * SimpleBook 1.4 - a tiny guestbook for PHP 4
 * (c) 2002 Jochen W.   -- free for private use
 */
error_reporting(E_ALL ^ E_NOTICE);
include("sb_config.inc.php");   // $sb_file, $sb_perpage, $sb_mail, $sb_lang

// works with register_globals = off too
$known = array("action", "name", "mail", "text", "start");
foreach ($known as $k) {
    if (isset($HTTP_POST_VARS[$k]))     $$k = trim($HTTP_POST_VARS[$k]);
    elseif (isset($HTTP_GET_VARS[$k]))  $$k = trim($HTTP_GET_VARS[$k]);
    else                                $$k = "";
}
if (get_magic_quotes_gpc()) {
    $name = stripslashes($name); $mail = stripslashes($mail); $text = stripslashes($text);
}

function sb_clean($s, $max) {
    $s = substr($s, 0, $max);
    $s = htmlspecialchars($s, ENT_QUOTES);
    $s = str_replace(array("\r", "|"), array("", "&#124;"), $s);
    return str_replace("\n", "<br>", $s);
}

function sb_smile($s) {
    global $sb_smilies;
    return preg_replace_callback('/:(\w{1,12}):/', create_function('$m', '
        global $sb_smilies;
        return isset($sb_smilies[$m[1]]) ? "<img src=\"img/" . $sb_smilies[$m[1]] . "\" alt=\"\">" : $m[0];
    '), $s);
}

$sb_smilies = array("smile" => "smile.gif", "wink" => "wink.gif", "sad" => "sad.gif", "cool" => "cool.gif");

switch ($action) {
    case "sign":
        if ($name == "" || $text == "") {
            $error = "Please fill in your name and a text.";
            break;
        }
        if ($mail != "" && !preg_match('/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/', $mail)) {
            $error = "That mail address looks wrong.";
            break;
        }
        $line = implode("|", array(time(), sb_clean($name, 40), sb_clean($mail, 60), sb_clean($text, 2000))) . "\n";
        $fp = fopen("data/guestbook.txt", "a");
        flock($fp, LOCK_EX);
        fwrite($fp, $line);
        flock($fp, LOCK_UN);
        fclose($fp);
        @mail($sb_mail, "New entry in your guestbook", "Somebody signed. Have a look!");
        header("Location: " . basename(__FILE__));
        exit;
    case "form":
        $showform = 1;
        break;
}
$start = intval($start);
$entries = array_reverse(file("data/guestbook.txt"));
?>
<html><head><title>Guestbook</title></head><body bgcolor="#ffffdd">
<? if (!empty($error)) { ?><font color="red"><?=$error?></font><? } ?>
<? if (!empty($showform) || !empty($error)) { ?>
<form method="post" action="<?=basename(__FILE__)?>">
<input type="hidden" name="action" value="sign">
Name: <input name="name" value="<?=htmlspecialchars($name)?>"><br>
Mail: <input name="mail" value="<?=htmlspecialchars($mail)?>"><br>
<textarea name="text" rows=6 cols=50><?=htmlspecialchars($text)?></textarea><br>
<input type="submit" value="Sign it!">
</form>
<? } ?>
<table width="600" border=0>
<?
foreach (array_slice($entries, max(0, $start), $sb_perpage) as $e) {
    list($t, $n, $m, $x) = explode("|", rtrim($e));
    echo "<tr><td bgcolor='#eeeeaa'><b>$n</b> " . date("d.m.Y H:i", $t) . "</td></tr>\n";
    echo "<tr><td>" . sb_smile($x) . "</td></tr>\n";
}
?>
</table>
<a href="?start=<?=$start + $sb_perpage?>">older</a>
</body></html>
