<?php
class Model { protected array $d = []; public function __get($k) { return $this->d[$k] ?? null; } public function __set($k, $v) { $m = "set" . ucfirst($k); if (method_exists($this, $m)) $this->$m($v); else $this->d[$k] = $v; } }
class User extends Model { protected function setPassword($v) { $this->d["password"] = password_hash($v, PASSWORD_DEFAULT); } }
$u = new User; foreach (["name", "password"] as $f) $u->$f = $_POST[$f] ?? "";
$db = new PDO("mysql:host=localhost;dbname=x", "u", "p"); $s = $db->prepare("insert into users(name, password) values (?, ?)"); $s->execute([$u->name, $u->password]);
