<?php
class Config {
  private $d = [];
  function __construct($f) { $this->d = json_decode(file_get_contents($f), true); }
  function __get($n) { return $this->d[$n] ?? null; }
  function __call($n, $a) { return isset($this->d[$n]) ? vsprintf($this->d[$n], $a) : ''; }
}
$c = new Config('strings.json');
echo htmlspecialchars($c->greeting($_GET['name'] ?? 'you'));
