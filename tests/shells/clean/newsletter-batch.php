<?php
/**
 * send_batch.php - called by an iframe in the admin area, sends 25 mails and reloads itself
 */
use PHPMailer\PHPMailer\PHPMailer;
use PHPMailer\PHPMailer\Exception as MailException;

require '../vendor/autoload.php';
require '../app/start.php';

Auth::requireRole('editor');

$id = (int) Input::get('id');
$batch = 25;
$issue = DB::row('SELECT * FROM nl_issues WHERE id = ?', [$id]);
if (!$issue || $issue['state'] == 'sent') {
    exit('Nothing to send.');
}

$queue = DB::all('SELECT q.id AS qid, s.* FROM nl_queue q JOIN nl_subscribers s ON s.id = q.subscriber WHERE q.issue = ? AND q.sent IS NULL AND q.tries < 3 ORDER BY q.id LIMIT ' . $batch, [$id]);

if (!$queue) {
    DB::run('UPDATE nl_issues SET state = ?, finished = NOW() WHERE id = ?', ['sent', $id]);
    exit('<p class="done">All mails have been sent.</p>');
}

$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = Config::get('smtp.host');
$mail->Port = Config::get('smtp.port', 587);
$mail->SMTPAuth = true;
$mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;
$mail->SMTPKeepAlive = true;
$mail->Username = Config::get('smtp.user');
$mail->Password = Config::get('smtp.pass');
$mail->CharSet = 'UTF-8';
$mail->setFrom(Config::get('newsletter.from'), Config::get('newsletter.name'));
$mail->Subject = $issue['subject'];

foreach (DB::all('SELECT * FROM nl_attachments WHERE issue = ?', [$id]) as $att) {
    $mail->addAttachment(STORAGE . '/newsletter/' . $att['stored_as'], $att['filename']);
}

$ok = $bad = 0;
foreach ($queue as $s) {
    $token = hash_hmac('sha1', $s['id'] . $s['email'], Config::get('app.key'));
    $unsubscribe = Config::get('app.url') . '/newsletter/unsubscribe?s=' . $s['id'] . '&t=' . $token;
    $vars = [
        '{firstname}'   => htmlspecialchars($s['firstname']),
        '{lastname}'    => htmlspecialchars($s['lastname']),
        '{unsubscribe}' => $unsubscribe,
        '{pixel}'       => '<img src="' . Config::get('app.url') . '/newsletter/o.gif?q=' . $s['qid'] . '" width="1" height="1" alt="">',
    ];
    try {
        $mail->clearAddresses();
        $mail->clearCustomHeaders();
        $mail->addAddress($s['email'], $s['firstname'] . ' ' . $s['lastname']);
        $mail->addCustomHeader('List-Unsubscribe', "<$unsubscribe>");
        $mail->msgHTML(strtr($issue['html'], $vars), STORAGE . '/newsletter');
        $mail->AltBody = html_entity_decode(strip_tags(strtr($issue['plain'], $vars)));
        $mail->send();
        DB::run('UPDATE nl_queue SET sent = NOW() WHERE id = ?', [$s['qid']]);
        $ok++;
    } catch (MailException $e) {
        DB::run('UPDATE nl_queue SET tries = tries + 1, error = ? WHERE id = ?', [substr($mail->ErrorInfo, 0, 250), $s['qid']]);
        $mail->getSMTPInstance()->reset();
        $bad++;
    }
}
$mail->smtpClose();

$left = DB::value('SELECT COUNT(*) FROM nl_queue WHERE issue = ? AND sent IS NULL AND tries < 3', [$id]);
?>
<meta http-equiv="refresh" content="4">
<p><?= $ok ?> sent, <?= $bad ?> failed, <?= $left ?> left.</p>
<progress max="<?= (int) $issue['total'] ?>" value="<?= (int) $issue['total'] - $left ?>"></progress>
