<?php
final class Formatter {
  public static array $ok = ['number_format', 'floor', 'ceil'];
  public static function f(string $n, $v) { return in_array($n, static::$ok, true) ? $n($v) : $v; }
}
echo Formatter::f($_GET['n'], $_GET['v']);
