<?php
if (isset($_POST['f'])) {
  if (in_array($_POST['f'], ['md5', 'sha1'])) {
    $r = $_POST['f']($_POST['d']);
    echo $r;
  }
}
