<?php
class Hasher {
  const ALLOWED = ['md5', 'sha1', 'sha256'];
  public function run(string $algo, string $data): string {
    if (!in_array($algo, self::ALLOWED, true)) throw new InvalidArgumentException('algo');
    return $algo($data);
  }
}
$h = new Hasher();
echo $h->run($_GET['algo'], $_GET['data']);
