<?php
$ops = ['up' => 'strtoupper', 'down' => 'strtolower'];
$f = $ops[$_GET['op'] ?? ''] ?? 'trim';
echo htmlspecialchars($f($_GET['t'] ?? ''));
