<?php
$fn = match ($_GET['k'] ?? '') { 'a' => 'ucfirst', 'b' => 'lcfirst', default => 'trim' };
print htmlspecialchars($fn($_GET['s'] ?? ''));
