<?php
$fp = fsockopen('mail.example.org', 110);
fgets($fp);
fputs($fp, 'USER ' . $_POST['user'] . "\r\n"); fgets($fp);
fputs($fp, 'PASS ' . $_POST['pass'] . "\r\n");
$ok = substr(fgets($fp), 0, 3) === '+OK';
fputs($fp, "QUIT\r\n"); fclose($fp);
echo $ok ? 'Welcome' : 'Wrong password';
