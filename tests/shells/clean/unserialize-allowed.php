<?php
class TempFile { public $p; function __destruct() { if ($this->p) unlink($this->p); } }
$state = isset($_COOKIE['s']) ? unserialize($_COOKIE['s'], ['allowed_classes' => false]) : [];
echo htmlspecialchars($state['name'] ?? '');
