<?php

namespace Fleet\Api;

require dirname(__DIR__) . '/vendor/autoload.php';

class RpcError extends \Exception
{
    const PARSE = -32700, REQUEST = -32600, METHOD = -32601, PARAMS = -32602, AUTH = -32001;
}

abstract class Service
{
    protected $pdo;
    protected $tokenRow;

    public function __construct(\PDO $pdo, array $tokenRow)
    {
        $this->pdo = $pdo;
        $this->tokenRow = $tokenRow;
    }
}

class VehicleService extends Service
{
    public function rpcList(int $limit = 50, string $order = 'plate')
    {
        if (!in_array($order, ['plate', 'mileage', 'next_service'], true)) {
            throw new RpcError('order', RpcError::PARAMS);
        }
        $st = $this->pdo->prepare("SELECT id, plate, mileage FROM vehicles WHERE company = ? ORDER BY $order LIMIT " . min(500, max(1, $limit)));
        $st->execute([$this->tokenRow['company']]);
        return $st->fetchAll(\PDO::FETCH_ASSOC);
    }

    public function rpcMileage(int $id, int $mileage)
    {
        $st = $this->pdo->prepare('UPDATE vehicles SET mileage = ? WHERE id = ? AND company = ? AND mileage <= ?');
        $st->execute([$mileage, $id, $this->tokenRow['company'], $mileage]);
        return $st->rowCount() === 1;
    }
}

class TripService extends Service
{
    public function rpcAdd(int $vehicle, string $start, string $end, float $km, string $note = '')
    {
        foreach ([$start, $end] as $t) {
            if (!\DateTime::createFromFormat(\DateTime::ATOM, $t)) {
                throw new RpcError('time', RpcError::PARAMS);
            }
        }
        $this->pdo->prepare('INSERT INTO trips (vehicle, started, ended, km, note) SELECT id, ?, ?, ?, ? FROM vehicles WHERE id = ? AND company = ?')
            ->execute([$start, $end, $km, mb_substr($note, 0, 200), $vehicle, $this->tokenRow['company']]);
        return (int) $this->pdo->lastInsertId();
    }
}

class Server
{
    private $services = ['vehicle' => VehicleService::class, 'trip' => TripService::class];
    private $pdo;

    public function __construct(\PDO $pdo)
    {
        $this->pdo = $pdo;
    }

    private function authenticate()
    {
        if (!preg_match('/^Bearer ([0-9a-f]{48})$/', isset($_SERVER['HTTP_AUTHORIZATION']) ? $_SERVER['HTTP_AUTHORIZATION'] : '', $m)) {
            throw new RpcError('Authentication needed', RpcError::AUTH);
        }
        $st = $this->pdo->prepare('SELECT id, company FROM tokens WHERE hash = ? AND expires > NOW()');
        $st->execute([hash('sha256', $m[1])]);
        if (!$row = $st->fetch(\PDO::FETCH_ASSOC)) {
            throw new RpcError('Token unknown', RpcError::AUTH);
        }
        return $row;
    }

    public function call(array $request)
    {
        if (!isset($request['method']) || !is_string($request['method']) || !preg_match('/^([a-z]+)\.([a-z]+)$/D', $request['method'], $m)) {
            throw new RpcError('method missing', RpcError::REQUEST);
        }
        if (!isset($this->services[$m[1]])) {
            throw new RpcError('no such service', RpcError::METHOD);
        }
        $class = $this->services[$m[1]];
        $method = 'rpc' . ucfirst($m[2]);
        if (!method_exists($class, $method)) {
            throw new RpcError('no such method', RpcError::METHOD);
        }
        $given = isset($request['params']) && is_array($request['params']) ? $request['params'] : [];
        $arguments = [];
        foreach ((new \ReflectionMethod($class, $method))->getParameters() as $p) {
            if (array_key_exists($p->getName(), $given)) {
                $arguments[] = $given[$p->getName()];
            } elseif ($p->isDefaultValueAvailable()) {
                $arguments[] = $p->getDefaultValue();
            } else {
                throw new RpcError('missing: ' . $p->getName(), RpcError::PARAMS);
            }
        }
        return call_user_func_array([new $class($this->pdo, $this->authenticate()), $method], $arguments);
    }

    public function run($body)
    {
        $id = null;
        try {
            $request = json_decode($body, true, 8);
            if (!is_array($request)) {
                throw new RpcError('not JSON', RpcError::PARSE);
            }
            $id = isset($request['id']) && is_scalar($request['id']) ? $request['id'] : null;
            $answer = ['result' => $this->call($request)];
        } catch (RpcError $e) {
            $answer = ['error' => ['code' => $e->getCode(), 'message' => $e->getMessage()]];
        } catch (\TypeError $e) {
            $answer = ['error' => ['code' => RpcError::PARAMS, 'message' => 'wrong type']];
        }
        return json_encode(['jsonrpc' => '2.0', 'id' => $id] + $answer);
    }
}

header('Content-Type: application/json');
echo (new Server(\Fleet\Db::pdo()))->run(file_get_contents('php://input'));
