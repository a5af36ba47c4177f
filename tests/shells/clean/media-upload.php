<?php
class Uploader {
  private const TYPES = ["image/jpeg" => "jpg", "image/png" => "png"];
  public function __construct(private string $dir) {}
  public function store(array $f): string {
    if ($f["error"] !== UPLOAD_ERR_OK) throw new RuntimeException("upload");
    $t = (new finfo(FILEINFO_MIME_TYPE))->file($f["tmp_name"]);
    $e = self::TYPES[$t] ?? throw new RuntimeException("type");
    $n = bin2hex(random_bytes(8)) . "." . $e; move_uploaded_file($f["tmp_name"], "$this->dir/$n"); return $n;
  }
}
echo (new Uploader(__DIR__ . "/media"))->store($_FILES["file"]);
