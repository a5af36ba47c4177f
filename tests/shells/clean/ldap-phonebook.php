<?php
# phone book of the university hospital, reads the directory
$conf = parse_ini_file("/etc/phonebook.ini");

$attributes = array(
    "cn"              => "Name",
    "telephonenumber" => "Phone",
    "roomnumber"      => "Room",
    "ou"              => "Department",
    "mail"            => "Mail",
);
$search_in = array("name" => "cn", "phone" => "telephoneNumber", "room" => "roomNumber", "dept" => "ou");

function esc($value)
{
    if (function_exists("ldap_escape")) {
        return ldap_escape($value, "", LDAP_ESCAPE_FILTER);
    }
    return str_replace(array("\\", "*", "(", ")", "\0"), array('\5c', '\2a', '\28', '\29', '\00'), $value);
}

function fetch_people($conf, $filter, $wanted)
{
    $ds = ldap_connect($conf["uri"]);
    ldap_set_option($ds, LDAP_OPT_PROTOCOL_VERSION, 3);
    ldap_set_option($ds, LDAP_OPT_NETWORK_TIMEOUT, 5);
    if (!ldap_start_tls($ds) || !@ldap_bind($ds, $conf["dn"], $conf["password"])) {
        throw new Exception("The directory does not answer.");
    }
    $result = @ldap_search($ds, $conf["base"], $filter, $wanted, 0, 100, 10);
    $people = array();
    if ($result) {
        $entries = ldap_get_entries($ds, $result);
        for ($i = 0; $i < $entries["count"]; $i++) {
            $person = array();
            foreach ($wanted as $a) {
                $person[$a] = isset($entries[$i][$a][0]) ? $entries[$i][$a][0] : "";
            }
            $people[] = $person;
        }
    }
    ldap_unbind($ds);
    usort($people, create_function('$a,$b', 'return strcoll($a["cn"], $b["cn"]);'));
    return $people;
}

extract(array("q" => "", "in" => "name", "format" => "html"));
foreach (array("q", "in", "format") as $v) {
    if (isset($_REQUEST[$v]) && is_string($_REQUEST[$v])) {
        $$v = trim($_REQUEST[$v]);
    }
}
if (!isset($search_in[$in])) $in = "name";

$people = array();
$message = "";
if (strlen($q) >= 2) {
    $filter = sprintf("(&(objectClass=person)(%s=*%s*)(!(hidePhone=TRUE)))", $search_in[$in], esc($q));
    try {
        $people = fetch_people($conf, $filter, array_keys($attributes));
        $message = count($people) . " found";
    } catch (Exception $e) {
        $message = $e->getMessage();
    }
}

switch ($format) {
case "vcard":
    header("Content-Type: text/vcard; charset=utf-8");
    foreach ($people as $p) {
        echo "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:", strtr($p["cn"], "\r\n", "  "), "\r\nTEL:", preg_replace('/[^0-9+ ]/', '', $p["telephonenumber"]), "\r\nEND:VCARD\r\n";
    }
    exit;
case "json":
    header("Content-Type: application/json");
    echo json_encode($people);
    exit;
}
?>
<form>
<select name="in"><?php foreach ($search_in as $k => $x) echo "<option", $k == $in ? " selected" : "", ">$k</option>"; ?></select>
<input name="q" value="<?php echo htmlspecialchars($q); ?>"><input type="submit" value="Search">
</form>
<p><?php echo htmlspecialchars($message); ?></p>
<table class="phonebook">
<tr><?php foreach ($attributes as $label) echo "<th>$label</th>"; ?></tr>
<?php foreach ($people as $p): ?>
<tr><?php foreach ($attributes as $a => $label): ?><td><?php echo htmlspecialchars($p[$a]); ?></td><?php endforeach; ?></tr>
<?php endforeach; ?>
</table>
