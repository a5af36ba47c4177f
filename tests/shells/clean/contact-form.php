<?php
  // kontakt.php
  $errors = array();
  $sent = false;
  $name = $email = $subject = $message = '';

  if (!empty($_POST)) {
    $name    = trim(strip_tags($_POST['name']));
    $email   = trim($_POST['email']);
    $subject = trim(strip_tags($_POST['subject']));
    $message = trim($_POST['message']);

    // honeypot
    if ($_POST['website'] != '') {
      header('Location: /');
      exit;
    }
    if (strlen($name) < 2)                              $errors['name'] = 'Bitte geben Sie Ihren Namen an.';
    if (!filter_var($email, FILTER_VALIDATE_EMAIL))     $errors['email'] = 'Bitte geben Sie eine gültige E-Mail-Adresse an.';
    if (strlen($message) < 10)                          $errors['message'] = 'Ihre Nachricht ist zu kurz.';
    if (preg_match('/[\r\n]/', $name . $email . $subject)) $errors['name'] = 'Ungültige Eingabe.';
    if (substr_count(strtolower($message), 'http') > 3) $errors['message'] = 'Zu viele Links.';

    if (!$errors) {
      $to = 'info@schreinerei-huber.example';
      $body  = "Name:    $name\n";
      $body .= "E-Mail:  $email\n";
      $body .= "IP:      " . $_SERVER['REMOTE_ADDR'] . "\n";
      $body .= "Browser: " . $_SERVER['HTTP_USER_AGENT'] . "\n\n";
      $body .= wordwrap($message, 75);

      $headers  = "From: Webformular <webformular@schreinerei-huber.example>\r\n";
      $headers .= "Reply-To: $email\r\n";
      $headers .= "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n";
      $headers .= 'X-Mailer: PHP/' . phpversion();

      $sent = mail($to, '=?UTF-8?B?' . base64_encode("[Kontakt] $subject") . '?=', $body, $headers);
      if (!$sent) $errors['send'] = 'Leider ist beim Versand ein Fehler aufgetreten. Bitte rufen Sie uns an.';
    }
  }

  function err($k) {
    global $errors;
    return isset($errors[$k]) ? '<span class="err">' . $errors[$k] . '</span>' : '';
  }
  $title = 'Kontakt';
  include 'kopf.php';
?>
<h1>Kontakt</h1>
<?php if ($sent) { ?>
  <p class="ok">Vielen Dank, <?php echo htmlspecialchars($name) ?>. Wir melden uns in Kürze bei Ihnen.</p>
<?php } else { ?>
  <?php echo err('send') ?>
  <form action="kontakt.php" method="post">
    <label>Name <input type="text" name="name" value="<?php echo htmlspecialchars($name) ?>"></label><?php echo err('name') ?><br>
    <label>E-Mail <input type="text" name="email" value="<?php echo htmlspecialchars($email) ?>"></label><?php echo err('email') ?><br>
    <label>Betreff <input type="text" name="subject" value="<?php echo htmlspecialchars($subject) ?>"></label><br>
    <input type="text" name="website" value="" style="display:none">
    <textarea name="message" rows="10" cols="60"><?php echo htmlspecialchars($message) ?></textarea><?php echo err('message') ?><br>
    <input type="submit" value="Absenden">
  </form>
<?php }
  include 'fuss.php';
?>
