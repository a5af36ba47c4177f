<?php
require "vendor/autoload.php"; use GraphQL\GraphQL; use GraphQL\Utils\BuildSchema;
$schema = BuildSchema::build(file_get_contents("schema.graphql")); $in = json_decode(file_get_contents("php://input"), true);
$root = ["user" => fn($r, $a) => db_user((int) $a["id"]), "search" => fn($r, $a) => db_search($a["q"])];
header("Content-Type: application/json"); echo json_encode(GraphQL::executeQuery($schema, $in["query"], $root, null, $in["variables"] ?? null)->toArray());
