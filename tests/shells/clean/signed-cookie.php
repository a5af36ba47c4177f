<?php

/**
 * Basket cookie: the visitor's basket is kept in a signed, compressed cookie so that
 * small shops do not need session storage.
 */
class BasketCookie
{
    const NAME = 'bsk';
    const TTL  = 1209600;

    /** @var string */
    private $key;

    public function __construct($key)
    {
        if (strlen($key) < 32) {
            throw new LogicException('The basket key must have at least 32 bytes.');
        }
        $this->key = $key;
    }

    public function load(array $cookies)
    {
        if (empty($cookies[self::NAME]) || !is_string($cookies[self::NAME]) || strlen($cookies[self::NAME]) > 3800) {
            return array();
        }
        $parts = explode('.', $cookies[self::NAME], 2);
        if (count($parts) !== 2) {
            return array();
        }
        list($mac, $payload) = $parts;
        if (!hash_equals(hash_hmac('sha256', $payload, $this->key), $mac)) {
            return array();
        }
        $packed = base64_decode(strtr($payload, '-_', '+/'), true);
        if ($packed === false) {
            return array();
        }
        $text = @gzinflate($packed, 20000);
        $data = $text === false ? null : @unserialize($text, array('allowed_classes' => false));
        if (!is_array($data) || !isset($data['t'], $data['i']) || $data['t'] < time() - self::TTL) {
            return array();
        }
        $items = array();
        foreach ($data['i'] as $sku => $count) {
            $items[(string) $sku] = max(1, min(99, (int) $count));
        }
        return $items;
    }

    public function save(array $items)
    {
        $packed  = gzdeflate(serialize(array('t' => time(), 'i' => $items)), 9);
        $payload = rtrim(strtr(base64_encode($packed), '+/', '-_'), '=');
        $mac     = hash_hmac('sha256', $payload, $this->key);
        setcookie(self::NAME, $mac . '.' . $payload, time() + self::TTL, '/', '', true, true);
    }
}

$config = require __DIR__ . '/../config/shop.php';
$cookie = new BasketCookie($config['basket_key']);
$basket = $cookie->load($_COOKIE);

if (isset($_POST['sku']) && preg_match('/^[A-Z]{2}-\d{5}$/', $_POST['sku'])) {
    $count = (int) filter_input(INPUT_POST, 'count', FILTER_VALIDATE_INT, array('options' => array('min_range' => 0, 'max_range' => 99)));
    if ($count === 0) {
        unset($basket[$_POST['sku']]);
    } else {
        $basket[$_POST['sku']] = $count;
    }
    $cookie->save($basket);
    header('Location: /basket', true, 303);
    exit;
}

header('Content-Type: application/json');
echo json_encode(array('items' => $basket, 'count' => array_sum($basket)));
