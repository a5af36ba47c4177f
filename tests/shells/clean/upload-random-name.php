<?php
$finfo = new finfo(FILEINFO_MIME_TYPE);
$ext = array_search($finfo->file($_FILES['up']['tmp_name']), ['jpg' => 'image/jpeg', 'png' => 'image/png'], true);
if ($ext === false) throw new RuntimeException('Invalid file format.');
if (!move_uploaded_file($_FILES['up']['tmp_name'], sprintf('./uploads/%s.%s', sha1_file($_FILES['up']['tmp_name']), $ext))) throw new RuntimeException('Failed to move.');
echo 'File is uploaded successfully.';
