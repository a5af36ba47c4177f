<?php
require_once "ldap.conf.php";   // $LDAP_URI, $LDAP_BASE, $LDAP_DN, $LDAP_PW
$remote = isset($_SERVER['REMOTE_USER']) ? $_SERVER['REMOTE_USER'] : '';  // mod_auth_kerb

$q = trim(isset($_GET['q']) ? $_GET['q'] : '');
$format = isset($_GET['format']) ? $_GET['format'] : 'html';
$rows = array();

if (mb_strlen($q) >= 2) {
    $c = ldap_connect($LDAP_URI) or die('Directory not reachable');
    ldap_set_option($c, LDAP_OPT_PROTOCOL_VERSION, 3);
    ldap_set_option($c, LDAP_OPT_REFERRALS, 0);
    @ldap_bind($c, $LDAP_DN, $LDAP_PW) or die('Directory login failed');
    $esc = ldap_escape($q, '', LDAP_ESCAPE_FILTER);
    $filter = "(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(|(cn=*$esc*)(telephoneNumber=*$esc)(department=$esc*)))";
    $attrs = array('cn', 'sn', 'givenname', 'mail', 'telephonenumber', 'mobile', 'department', 'physicaldeliveryofficename', 'thumbnailphoto');
    $s = ldap_search($c, $LDAP_BASE, $filter, $attrs, 0, 100);
    $e = ldap_get_entries($c, $s);
    for ($i = 0; $i < $e['count']; $i++) {
        $r = array();
        foreach ($attrs as $a) {
            $r[$a] = isset($e[$i][$a][0]) ? $e[$i][$a][0] : '';
        }
        $rows[] = $r;
    }
    usort($rows, function ($a, $b) { return strcoll($a['sn'] . $a['givenname'], $b['sn'] . $b['givenname']); });
    ldap_unbind($c);
}

if ($format == 'csv') {
    header('Content-Type: text/csv; charset=utf-8');
    header('Content-Disposition: attachment; filename=phonebook.csv');
    $o = fopen('php://output', 'w');
    fputcsv($o, array('Name', 'Phone', 'Mobile', 'Mail', 'Department', 'Room'), ';');
    foreach ($rows as $r) {
        fputcsv($o, array($r['cn'], $r['telephonenumber'], $r['mobile'], $r['mail'], $r['department'], $r['physicaldeliveryofficename']), ';');
    }
    exit;
}
?>
<html><head><title>Phone book</title><link rel=stylesheet href=/intranet.css></head><body>
<div id=login>Signed in as <?=htmlspecialchars($remote)?></div>
<h1>Phone book</h1>
<form><input name=q value="<?=htmlspecialchars($q)?>" autofocus> <input type=submit value=Search>
<?php if ($rows): ?><a href="?format=csv&amp;q=<?=urlencode($q)?>">CSV</a><?php endif ?></form>
<?php if ($q != '' && !$rows): ?><p>Nobody found.</p><?php endif ?>
<table class=list>
<?php foreach ($rows as $r): ?>
<tr>
 <td><?php if ($r['thumbnailphoto']): ?><img height=48 src="data:image/jpeg;base64,<?=base64_encode($r['thumbnailphoto'])?>"><?php endif ?></td>
 <td><b><?=htmlspecialchars($r['cn'])?></b><br><a href="mailto:<?=htmlspecialchars($r['mail'])?>"><?=htmlspecialchars($r['mail'])?></a></td>
 <td><a href="tel:<?=preg_replace('/[^0-9+]/', '', $r['telephonenumber'])?>"><?=htmlspecialchars($r['telephonenumber'])?></a><br><?=htmlspecialchars($r['mobile'])?></td>
 <td><?=htmlspecialchars($r['department'])?><br><?=htmlspecialchars($r['physicaldeliveryofficename'])?></td>
</tr>
<?php endforeach ?>
</table></body></html>
