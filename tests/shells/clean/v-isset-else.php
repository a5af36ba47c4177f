<?php
$ops = ['up' => 'strtoupper', 'down' => 'strtolower'];
$op = $_GET['op'];
if (isset($ops[$op])) { $fn = $ops[$op]; } else { $fn = 'trim'; }
echo htmlspecialchars($fn($_GET['t']));
