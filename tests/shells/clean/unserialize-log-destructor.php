<?php
class Logger {
  private $lines = []; private $file;
  function __construct($file) { $this->file = $file; }
  function log($m) { $this->lines[] = date('c') . ' ' . $m; }
  function __destruct() { if ($this->lines) file_put_contents($this->file, implode("\n", $this->lines) . "\n", FILE_APPEND); }
}
$log = new Logger('/var/log/app.log');
$prefs = isset($_COOKIE['prefs']) ? json_decode($_COOKIE['prefs'], true) : [];
$log->log('theme ' . ($prefs['theme'] ?? 'none'));
