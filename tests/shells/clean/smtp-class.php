<?php
class SMTP {
  private $s;
  function __construct($host, $port = 25) {
    $this->s = fsockopen($host, $port, $no, $str, 30);
    $this->expect(220);
  }
  private function expect($code) { $l = fgets($this->s, 512); if (substr($l, 0, 3) != $code) throw new Exception($l); }
  private function cmd($c, $code) { fwrite($this->s, $c . "\r\n"); $this->expect($code); }
  function send($from, $to, $subject, $body) {
    $this->cmd('EHLO ' . $_SERVER['SERVER_NAME'], 250);
    $this->cmd("MAIL FROM:<$from>", 250);
    $this->cmd("RCPT TO:<$to>", 250);
    $this->cmd('DATA', 354);
    $this->cmd("From: $from\r\nTo: $to\r\nSubject: $subject\r\n\r\n" . str_replace("\n.", "\n..", $body) . "\r\n.", 250);
    $this->cmd('QUIT', 221);
    fclose($this->s);
  }
}
$m = new SMTP('localhost');
$m->send('web@example.org', 'office@example.org', 'Contact: ' . $_POST['subject'], $_POST['body']);
