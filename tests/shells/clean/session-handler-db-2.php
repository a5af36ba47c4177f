<?php

declare(strict_types=1);

namespace Acme\Session;

use PDO;
use SessionHandlerInterface;
use SessionUpdateTimestampHandlerInterface;

/**
 * Sessions in a database table, encrypted. The table:
 *
 *   CREATE TABLE sessions (id CHAR(64) PRIMARY KEY, data BLOB, touched INT NOT NULL)
 */
final class EncryptedPdoHandler implements SessionHandlerInterface, SessionUpdateTimestampHandlerInterface
{
    public function __construct(
        private PDO $pdo,
        #[\SensitiveParameter] private string $key,
        private int $lifetime = 7200,
    ) {
        if (strlen($key) !== SODIUM_CRYPTO_SECRETBOX_KEYBYTES) {
            throw new \LengthException('wrong key size');
        }
    }

    public function open(string $path, string $name): bool
    {
        return true;
    }

    public function close(): bool
    {
        return true;
    }

    public function read(string $id): string|false
    {
        $st = $this->pdo->prepare('SELECT data FROM sessions WHERE id = ? AND touched > ?');
        $st->execute([$this->hash($id), time() - $this->lifetime]);
        $box = $st->fetchColumn();
        if (!is_string($box) || strlen($box) < SODIUM_CRYPTO_SECRETBOX_NONCEBYTES) {
            return '';
        }
        $nonce = substr($box, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $plain = sodium_crypto_secretbox_open(substr($box, strlen($nonce)), $nonce, $this->key);
        return $plain === false ? '' : (string) gzuncompress($plain);
    }

    public function write(string $id, string $data): bool
    {
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $box = $nonce . sodium_crypto_secretbox(gzcompress($data), $nonce, $this->key);
        $st = $this->pdo->prepare('REPLACE INTO sessions (id, data, touched) VALUES (:id, :data, :now)');
        $st->bindValue('id', $this->hash($id));
        $st->bindValue('data', $box, PDO::PARAM_LOB);
        $st->bindValue('now', time(), PDO::PARAM_INT);
        return $st->execute();
    }

    public function destroy(string $id): bool
    {
        return $this->pdo->prepare('DELETE FROM sessions WHERE id = ?')->execute([$this->hash($id)]);
    }

    public function gc(int $max_lifetime): int|false
    {
        $st = $this->pdo->prepare('DELETE FROM sessions WHERE touched < ?');
        $st->execute([time() - $this->lifetime]);
        return $st->rowCount();
    }

    public function validateId(string $id): bool
    {
        $st = $this->pdo->prepare('SELECT 1 FROM sessions WHERE id = ?');
        $st->execute([$this->hash($id)]);
        return (bool) $st->fetchColumn();
    }

    public function updateTimestamp(string $id, string $data): bool
    {
        return $this->pdo->prepare('UPDATE sessions SET touched = ? WHERE id = ?')->execute([time(), $this->hash($id)]);
    }

    private function hash(string $id): string
    {
        return hash('sha256', $id);
    }
}

function start(PDO $pdo, string $keyFile): void
{
    $key = base64_decode(trim(file_get_contents($keyFile)), true);
    session_set_save_handler(new EncryptedPdoHandler($pdo, (string) $key), true);
    session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
}
