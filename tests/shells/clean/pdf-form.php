<?php
require "fpdf.php"; $p = new FPDF; $p->AddPage(); $p->SetFont("Arial", "", 12);
foreach (["name", "street", "city"] as $k) $p->Cell(0, 10, ucfirst($k) . ": " . iconv("UTF-8", "CP1252//TRANSLIT", $_POST[$k] ?? ""), 0, 1);
$p->Output("I", "form.pdf"); $p->Output("F", "archive/" . date("Ymd") . "-" . uniqid() . ".pdf");
