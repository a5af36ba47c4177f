<?php

/**
 * Stores PHP sessions in MySQL, payload encrypted.
 */
class Lib_Session_Db implements SessionHandlerInterface
{
    const CIPHER = 'aes-256-cbc';

    protected $_db;
    protected $_table;
    protected $_key;
    protected $_lifetime;

    public function __construct(PDO $db, $key, $table = 'sessions')
    {
        $this->_db = $db;
        $this->_table = $table;
        $this->_key = hash('sha256', $key, true);
        $this->_lifetime = (int) ini_get('session.gc_maxlifetime');
    }

    public static function install(PDO $db, $key)
    {
        ini_set('session.use_strict_mode', 1);
        ini_set('session.cookie_httponly', 1);
        session_set_save_handler(new self($db, $key), true);
        session_start();
        if (!isset($_SESSION['_fp'])) {
            $_SESSION['_fp'] = md5(@$_SERVER['HTTP_USER_AGENT']);
        } elseif ($_SESSION['_fp'] !== md5(@$_SERVER['HTTP_USER_AGENT'])) {
            session_regenerate_id(true);
            $_SESSION = array();
        }
    }

    #[\ReturnTypeWillChange]
    public function open($path, $name)
    {
        return true;
    }

    #[\ReturnTypeWillChange]
    public function close()
    {
        return true;
    }

    #[\ReturnTypeWillChange]
    public function read($id)
    {
        $st = $this->_db->prepare("SELECT data FROM {$this->_table} WHERE id = ? AND expires > ?");
        $st->execute(array($id, time()));
        $row = $st->fetchColumn();
        return $row === false ? '' : $this->_decrypt($row);
    }

    #[\ReturnTypeWillChange]
    public function write($id, $data)
    {
        $st = $this->_db->prepare("REPLACE INTO {$this->_table} (id, data, expires, ip) VALUES (?, ?, ?, ?)");
        return $st->execute(array($id, $this->_encrypt($data), time() + $this->_lifetime, $_SERVER['REMOTE_ADDR']));
    }

    #[\ReturnTypeWillChange]
    public function destroy($id)
    {
        return $this->_db->prepare("DELETE FROM {$this->_table} WHERE id = ?")->execute(array($id));
    }

    #[\ReturnTypeWillChange]
    public function gc($max)
    {
        return $this->_db->exec("DELETE FROM {$this->_table} WHERE expires < " . time());
    }

    protected function _encrypt($data)
    {
        $iv = openssl_random_pseudo_bytes(openssl_cipher_iv_length(self::CIPHER));
        $ct = openssl_encrypt($data, self::CIPHER, $this->_key, OPENSSL_RAW_DATA, $iv);
        return base64_encode($iv . hash_hmac('sha256', $iv . $ct, $this->_key, true) . $ct);
    }

    protected function _decrypt($data)
    {
        $data = base64_decode($data);
        $iv = substr($data, 0, 16);
        $mac = substr($data, 16, 32);
        $ct = substr($data, 48);
        if (!hash_equals($mac, hash_hmac('sha256', $iv . $ct, $this->_key, true))) {
            return '';
        }
        return (string) openssl_decrypt($ct, self::CIPHER, $this->_key, OPENSSL_RAW_DATA, $iv);
    }
}
