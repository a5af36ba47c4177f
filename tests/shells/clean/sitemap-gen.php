<?php
$db = new mysqli('localhost', 'web', getenv('DBPASS'), 'shop');
$x = new XMLWriter; $x->openURI('sitemap.xml'); $x->startDocument('1.0', 'UTF-8'); $x->startElement('urlset');
$r = $db->query('SELECT slug FROM products');
while ($row = $r->fetch_assoc()) { $x->startElement('url'); $x->writeElement('loc', 'https://example.org/p/' . $row['slug']); $x->endElement(); }
$x->endElement(); $x->flush();
