<?php
$data = unserialize(base64_decode($_COOKIE["cart"] ?? ""), ["allowed_classes" => false]) ?: [];
$data[(int) $_POST["id"]] = (int) $_POST["n"]; setcookie("cart", base64_encode(serialize($data)));
