<?php
session_start(); $u = $_POST["user"] ?? ""; $p = $_POST["pw"] ?? "";
$c = ldap_connect("ldaps://dc.example.org"); ldap_set_option($c, LDAP_OPT_PROTOCOL_VERSION, 3);
if ($u !== "" && $p !== "" && @ldap_bind($c, "EXAMPLE\\" . ldap_escape($u, "", LDAP_ESCAPE_DN), $p)) { $_SESSION["user"] = $u; header("Location: /"); } else { error_log("login failed for " . preg_replace("/\W/", "?", $u)); echo "Wrong"; }
