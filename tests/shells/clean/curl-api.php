<?php
$ch = curl_init('https://api.example.org/v1/search?q=' . rawurlencode($_GET['q']));
curl_setopt_array($ch, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('API_KEY')]]);
$r = json_decode(curl_exec($ch), true);
foreach ($r['items'] as $i) echo '<li>', htmlspecialchars($i['title']), '</li>';
