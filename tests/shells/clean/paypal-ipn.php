<?php
// ipn.php - PayPal instant payment notification listener
require_once dirname(__FILE__) . '/config.php';
require_once dirname(__FILE__) . '/lib/Orders.php';

error_reporting(E_ALL ^ E_NOTICE);

$raw = file_get_contents('php://input');
$pairs = explode('&', $raw);
$post = array();
foreach ($pairs as $p) {
    $kv = explode('=', $p);
    if (count($kv) == 2) {
        $post[$kv[0]] = urldecode($kv[1]);
    }
}

$req = 'cmd=_notify-validate';
foreach ($post as $key => $value) {
    $req .= '&' . $key . '=' . urlencode($value);
}

$url = USE_SANDBOX
    ? 'https://ipnpb.sandbox.paypal.com/cgi-bin/webscr'
    : 'https://ipnpb.paypal.com/cgi-bin/webscr';

$ch = curl_init($url);
curl_setopt($ch, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
curl_setopt($ch, CURLOPT_POST, 1);
curl_setopt($ch, CURLOPT_RETURNTRANSFER, 1);
curl_setopt($ch, CURLOPT_POSTFIELDS, $req);
curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, 1);
curl_setopt($ch, CURLOPT_SSL_VERIFYHOST, 2);
curl_setopt($ch, CURLOPT_FORBID_REUSE, 1);
curl_setopt($ch, CURLOPT_HTTPHEADER, array('Connection: Close', 'User-Agent: ' . SHOP_NAME));
$res = curl_exec($ch);
if ($res === false) {
    ipn_log('curl: ' . curl_error($ch));
    header('HTTP/1.1 500 Internal Server Error');
    exit;
}
curl_close($ch);

if (strcmp(trim($res), 'VERIFIED') !== 0) {
    ipn_log('INVALID ' . $raw);
    exit;
}

if (strtolower($post['receiver_email']) != strtolower(PAYPAL_ACCOUNT)) {
    ipn_log('wrong receiver ' . $post['receiver_email']);
    exit;
}

$orders = new Orders($db);
$order = $orders->find((int)$post['custom']);
if (!$order) {
    ipn_log('no order ' . $post['custom']);
    exit;
}
if ($orders->txnExists($post['txn_id'])) {
    exit; // PayPal repeats notifications
}
if ($post['payment_status'] == 'Completed'
    && $post['mc_currency'] == $order['currency']
    && abs($post['mc_gross'] - $order['total']) < 0.01) {
    $orders->markPaid($order['id'], $post['txn_id']);
    $body = "Hello {$order['name']},\n\nwe received your payment for order {$order['id']}.\n\n" . SHOP_NAME;
    mail($order['email'], 'Payment received', $body, 'From: ' . SHOP_MAIL);
} elseif ($post['payment_status'] == 'Refunded' || $post['payment_status'] == 'Reversed') {
    $orders->setStatus($order['id'], 'refunded');
} else {
    ipn_log('status ' . $post['payment_status'] . ' order ' . $order['id']);
}

function ipn_log($msg)
{
    $line = date('c') . ' ' . $_SERVER['REMOTE_ADDR'] . ' ' . str_replace(array("\r", "\n"), ' ', $msg) . "\n";
    file_put_contents(LOG_DIR . '/ipn.log', $line, FILE_APPEND | LOCK_EX);
}
