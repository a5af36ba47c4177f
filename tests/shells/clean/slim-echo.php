<?php
require "vendor/autoload.php";
$app = new Slim\App; $app->post("/echo", function ($request, $response) { $response->getBody()->write(json_encode($request->getParsedBody())); return $response; });
$app->run();
