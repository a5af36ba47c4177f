<HTML>
<HEAD><TITLE>Druckerwarteschlangen</TITLE></HEAD>
<BODY BGCOLOR="#FFFFFF">
<?PHP
/* prqueue.php3 - Warteschlangen der Drucker ansehen, eigene Auftraege loeschen
   Intranet, nur mit Anmeldung (.htaccess)  */

$drucker = array("hp4000-eg", "hp4000-1og", "kyocera-2og", "plotter");
$benutzer = getenv("REMOTE_USER");

IF (!$benutzer || !ereg("^[a-z][a-z0-9]{1,15}$", $benutzer)):
    ECHO "Bitte anmelden.</BODY></HTML>";
    EXIT;
ENDIF;

$d = $HTTP_GET_VARS["d"];
$nr = $HTTP_GET_VARS["loesche"];

IF (!in_array($d, $drucker)) $d = $drucker[0];

FUNCTION lese_queue($d)
{
    $liste = array();
    $p = popen("/usr/bin/lpq -P" . $d, "r");
    IF (!$p) RETURN $liste;
    WHILE (!feof($p)) {
        $zeile = fgets($p, 256);
        /* Rank   Owner   Job   Files     Total Size */
        IF (ereg("^([a-z0-9]+) +([a-z0-9]+) +([0-9]+) +(.*[^ ]) +([0-9]+) bytes", $zeile, $r)) {
            $liste[] = array("rang" => $r[1], "wer" => $r[2], "nr" => $r[3], "was" => $r[4], "bytes" => $r[5]);
        }
    }
    pclose($p);
    RETURN $liste;
}

$queue = lese_queue($d);

IF ($nr != "" && ereg("^[0-9]+$", $nr)) {
    FOR ($i = 0; $i < count($queue); $i++) {
        IF ($queue[$i]["nr"] == $nr && $queue[$i]["wer"] == $benutzer) {
            exec("/usr/bin/lprm -P$d -U$benutzer " . (int)$nr . " 2>&1", $meldung, $rc);
            IF ($rc == 0) ECHO "<P>Auftrag ", (int)$nr, " wurde gel&ouml;scht.</P>";
            ELSE ECHO "<P><FONT COLOR=red>Das ging nicht: ", htmlspecialchars(join(" ", $meldung)), "</FONT></P>";
        }
    }
    $queue = lese_queue($d);
}
?>
<FORM METHOD=GET>
<SELECT NAME=d ONCHANGE="submit()">
<?PHP
FOR ($i = 0; $i < count($drucker); $i++) {
    $s = ($drucker[$i] == $d) ? " SELECTED" : "";
    ECHO "<OPTION$s>$drucker[$i]</OPTION>\n";
}
?>
</SELECT>
</FORM>
<TABLE BORDER=1>
<TR><TH>Rang<TH>Wer<TH>Nr<TH>Dokument<TH>KB<TH>&nbsp;</TR>
<?PHP
FOR ($i = 0; $i < count($queue); $i++):
    $q = $queue[$i];
?>
<TR>
<TD><?PHP ECHO $q["rang"] ?>
<TD><?PHP ECHO $q["wer"] ?>
<TD><?PHP ECHO $q["nr"] ?>
<TD><?PHP ECHO htmlspecialchars($q["was"]) ?>
<TD ALIGN=right><?PHP ECHO (int)($q["bytes"] / 1024) ?>
<TD><?PHP IF ($q["wer"] == $benutzer) ECHO "<A HREF=\"prqueue.php3?d=$d&loesche=$q[nr]\">l&ouml;schen</A>"; ELSE ECHO "&nbsp;" ?>
</TR>
<?PHP ENDFOR; ?>
</TABLE>
</BODY>
</HTML>
