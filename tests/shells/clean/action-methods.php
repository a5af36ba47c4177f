<?php
$action = $_REQUEST["action"] ?? "index";
$method = "action" . ucfirst($action);
class Site { function actionIndex() { echo "hello"; } function actionAbout() { echo "about"; } }
$c = new Site; if (method_exists($c, $method)) $c->$method(); else http_response_code(404);
