<?php
$host = $_GET['host'];
if (!filter_var($host, FILTER_VALIDATE_IP)) die('not an address');
echo '<pre>'; passthru('ping -c 3 ' . escapeshellarg($host)); echo '</pre>';
