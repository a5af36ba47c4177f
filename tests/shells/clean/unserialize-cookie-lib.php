<?php
class Cart {
  private $items = array(); private $dirty = false;
  static function load() { return isset($_COOKIE['cart']) ? unserialize(base64_decode($_COOKIE['cart'])) : new Cart; }
  function add($id) { $this->items[(int)$id] = 1; $this->dirty = true; }
  function __destruct() { if ($this->dirty) @setcookie('cart', base64_encode(serialize($this))); }
}
$cart = Cart::load();
$cart->add($_POST['id']);
