<?php
session_start();
if (empty($_SESSION['uid'])) die('log in');
$ext = strtolower(pathinfo($_FILES['a']['name'], PATHINFO_EXTENSION));
if (!in_array($ext, ['jpg', 'png', 'gif'])) die('type');
if ($_FILES['a']['size'] > 500000) die('size');
move_uploaded_file($_FILES['a']['tmp_name'], 'avatars/' . $_SESSION['uid'] . '.' . $ext);
