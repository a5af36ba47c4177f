<?php
namespace App\Http;
final class Router {
  private array $routes = [];
  public function add(string $m, string $p, callable $h): static { $this->routes["$m $p"] = $h; return $this; }
  public function run(): void { $k = $_SERVER["REQUEST_METHOD"] . " " . strtok($_SERVER["REQUEST_URI"], "?"); $h = $this->routes[$k] ?? fn() => http_response_code(404); echo $h(); }
}
(new Router)->add("GET", "/", fn() => "home")->add("POST", "/contact", function () { mail("info@example.org", "Contact", strip_tags($_POST["text"] ?? "")); return "thanks"; })->run();
