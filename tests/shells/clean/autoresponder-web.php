<?php
$email = filter_var($_POST['email'], FILTER_VALIDATE_EMAIL);
if (!$email) die('Please give a valid address.');
mail($email, 'Thank you', 'We got your message and will answer soon.', 'From: info@example.org');
mail('info@example.org', 'Message from ' . $email, strip_tags($_POST['message']));
echo 'Thank you.';
