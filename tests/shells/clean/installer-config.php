<?php
if (file_exists('config.php')) die('already installed');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
  $c = ['host' => $_POST['host'], 'user' => $_POST['user'], 'pass' => $_POST['pass'], 'db' => $_POST['db']];
  $db = @new mysqli($c['host'], $c['user'], $c['pass'], $c['db']);
  if ($db->connect_error) die('cannot connect: ' . htmlspecialchars($db->connect_error));
  $db->multi_query(file_get_contents('schema.sql'));
  file_put_contents('config.php', '<?php return ' . var_export($c, true) . ';');
  header('Location: index.php');
  exit;
}
?>
<form method="post">Host <input name="host"> User <input name="user"> Password <input name="pass" type="password"> Database <input name="db"><button>Install</button></form>
