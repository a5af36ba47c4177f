<?php
$pdo = new PDO("mysql:host=localhost;dbname=shop", "shop", "pw");
$cols = ["name", "price", "stock"]; $o = in_array($_GET["o"] ?? "", $cols, true) ? $_GET["o"] : "name"; $d = ($_GET["d"] ?? "") === "desc" ? "DESC" : "ASC";
$where = []; $args = [];
foreach ($cols as $c) if (($_GET[$c] ?? "") !== "") { $where[] = "$c LIKE ?"; $args[] = "%" . $_GET[$c] . "%"; }
$s = $pdo->prepare("SELECT * FROM items" . ($where ? " WHERE " . implode(" AND ", $where) : "") . " ORDER BY $o $d LIMIT 50"); $s->execute($args);
foreach ($s as $r) echo "<tr><td>", implode("</td><td>", array_map("htmlspecialchars", $r)), "</td></tr>";
