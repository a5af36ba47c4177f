<?php
function smtp_mail($to, $subject, $message) {
  $fp = fsockopen('ssl://smtp.example.org', 465, $errno, $errstr, 15);
  if (!$fp) return false;
  foreach (array('EHLO localhost', 'AUTH LOGIN', base64_encode('user'), base64_encode('secret'), 'MAIL FROM:<shop@example.org>', "RCPT TO:<$to>", 'DATA') as $line) {
    fputs($fp, $line . "\r\n");
    fgets($fp, 512);
  }
  fputs($fp, "Subject: $subject\r\nTo: $to\r\n\r\n$message\r\n.\r\nQUIT\r\n");
  fclose($fp);
  return true;
}
smtp_mail($_POST['email'], 'Your order', 'Thank you, ' . strip_tags($_POST['name']));
