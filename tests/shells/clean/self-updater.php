<?php

namespace Kontor\Update;

/**
 * Updates the application from the vendor's server. A release is a zip file with a detached
 * Ed25519 signature; without a good signature nothing is unpacked.
 */
class Updater
{
    const FEED = 'https://updates.kontor.example/v2/stable.json';
    const PUBLIC_KEY = 'q3Zs0mE1Yw0xVj4rVJfP0nq2M9nYdQwYv3b1cTj6S0A=';

    private $appDir;
    private $workDir;
    private $log = array();

    public function __construct($appDir, $workDir)
    {
        $this->appDir = $appDir;
        $this->workDir = $workDir;
    }

    public function available($current)
    {
        $info = json_decode($this->fetch(self::FEED, 65536), true);
        if (!is_array($info) || !isset($info['version'], $info['file'], $info['signature'])) {
            throw new \RuntimeException('The update feed is not readable.');
        }
        return version_compare($info['version'], $current, '>') ? $info : null;
    }

    public function apply(array $info)
    {
        if (!preg_match('#^https://updates\.kontor\.example/v2/files/kontor-[0-9.]+\.zip$#', $info['file'])) {
            throw new \RuntimeException('Unexpected download address.');
        }
        $bytes = $this->fetch($info['file'], 64 * 1024 * 1024);
        $signature = base64_decode($info['signature'], true);
        $key = base64_decode(self::PUBLIC_KEY, true);
        if (strlen((string) $signature) !== SODIUM_CRYPTO_SIGN_BYTES || !sodium_crypto_sign_verify_detached($signature, $bytes, $key)) {
            throw new \RuntimeException('The signature of the release is wrong; nothing was changed.');
        }

        $zipFile = tempnam($this->workDir, 'upd');
        file_put_contents($zipFile, $bytes);
        $zip = new \ZipArchive();
        if ($zip->open($zipFile) !== true) {
            throw new \RuntimeException('The release cannot be opened.');
        }
        $names = array();
        for ($i = 0; $i < $zip->numFiles; $i++) {
            $name = $zip->getNameIndex($i);
            if ($name[0] === '/' || strpos($name, '..') !== false || strpos($name, '\\') !== false) {
                throw new \RuntimeException("Bad entry in release: $name");
            }
            if (strpos($name, 'config/') === 0 || strpos($name, 'data/') === 0) {
                continue;
            }
            $names[] = $name;
        }
        $this->backup($names);
        $zip->extractTo($this->appDir, $names);
        $zip->close();
        unlink($zipFile);
        if (function_exists('opcache_reset')) {
            opcache_reset();
        }
        $this->log[] = 'updated to ' . $info['version'];
        foreach (glob($this->appDir . '/migrations/*.php') as $migration) {
            $this->migrate($migration);
        }
        return $this->log;
    }

    private function migrate($file)
    {
        $done = $this->workDir . '/migrated/' . basename($file, '.php');
        if (is_file($done)) {
            return;
        }
        $step = require $file;
        $step();
        touch($done);
        $this->log[] = 'migration ' . basename($file);
    }

    private function backup(array $names)
    {
        $target = $this->workDir . '/before-' . date('Ymd-His');
        foreach ($names as $name) {
            $from = $this->appDir . '/' . $name;
            if (is_file($from)) {
                @mkdir(dirname("$target/$name"), 0750, true);
                copy($from, "$target/$name");
            }
        }
    }

    private function fetch($url, $limit)
    {
        $ch = curl_init($url);
        curl_setopt_array($ch, array(
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FAILONERROR => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_TIMEOUT => 120,
            CURLOPT_USERAGENT => 'Kontor updater',
        ));
        $body = curl_exec($ch);
        if ($body === false || strlen($body) > $limit) {
            throw new \RuntimeException('Download failed: ' . curl_error($ch));
        }
        curl_close($ch);
        return $body;
    }
}

if (PHP_SAPI === 'cli' && isset($argv[0]) && realpath($argv[0]) === __FILE__) {
    $updater = new Updater(dirname(__DIR__), dirname(__DIR__) . '/var/update');
    $info = $updater->available(trim(file_get_contents(dirname(__DIR__) . '/VERSION')));
    echo $info ? implode("\n", $updater->apply($info)) . "\n" : "already current\n";
}
