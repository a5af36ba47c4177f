<?php
// order_sync.php - moves orders between the shop and the warehouse (cron, every 10 minutes)
set_time_limit(300);
chdir(dirname(__FILE__));
require_once 'settings.inc.php';     // constants WH_*, SHOP_*

if (isset($_SERVER['REQUEST_METHOD'])) {
    // some hosters can only call cron jobs by http: the key is long and secret
    if (!isset($_GET['key']) || !hash_equals(CRON_KEY, (string) $_GET['key'])) {
        header('HTTP/1.0 403 Forbidden');
        exit;
    }
    header('Content-Type: text/plain');
}

class OrderSync
{
    private $soap, $ftp, $handlers;

    public function __construct()
    {
        $this->handlers = array(
            'ORDRSP' => array($this, 'handleConfirmation'),
            'DESADV' => array($this, 'handleShipment'),
            'INVRPT' => array($this, 'handleStock'),
        );
        $this->soap = new SoapClient(SHOP_WSDL, array(
            'login' => SHOP_USER, 'password' => SHOP_PASSWORD, 'exceptions' => true, 'cache_wsdl' => WSDL_CACHE_DISK,
        ));
        $this->ftp = ftp_ssl_connect(WH_HOST, 21, 30);
        if (!$this->ftp || !ftp_login($this->ftp, WH_USER, WH_PASSWORD)) {
            throw new RuntimeException('warehouse login failed');
        }
        ftp_pasv($this->ftp, true);
    }

    public function push()
    {
        $orders = $this->soap->getNewOrders(array('since' => @file_get_contents('var/last_order') ?: 0));
        foreach ((array) $orders->order as $o) {
            $doc = new DOMDocument('1.0', 'utf-8');
            $doc->formatOutput = true;
            $root = $doc->appendChild($doc->createElement('ORDERS'));
            $root->setAttribute('number', (int) $o->id);
            foreach ((array) $o->items as $item) {
                $e = $root->appendChild($doc->createElement('LINE'));
                $e->setAttribute('sku', $item->sku);
                $e->setAttribute('qty', (int) $item->quantity);
            }
            $tmp = tmpfile();
            fwrite($tmp, $doc->saveXML());
            rewind($tmp);
            $remote = sprintf('in/ORDERS_%08d.xml', $o->id);
            if (!ftp_fput($this->ftp, $remote . '.part', $tmp, FTP_BINARY) || !ftp_rename($this->ftp, $remote . '.part', $remote)) {
                throw new RuntimeException("upload of $remote failed");
            }
            fclose($tmp);
            file_put_contents('var/last_order', (int) $o->id);
            echo "sent order {$o->id}\n";
        }
    }

    public function pull()
    {
        foreach ((array) ftp_nlist($this->ftp, 'out') as $remote) {
            $name = basename($remote);
            if (!preg_match('/^([A-Z]{6})_\d{8}\.xml$/', $name, $m) || !isset($this->handlers[$m[1]])) {
                echo "left alone: $name\n";
                continue;
            }
            $local = 'var/in/' . $name;
            if (!ftp_get($this->ftp, $local, 'out/' . $name, FTP_BINARY)) {
                continue;
            }
            $xml = simplexml_load_file($local, 'SimpleXMLElement', LIBXML_NONET);
            if ($xml === false) {
                rename($local, 'var/bad/' . $name);
                continue;
            }
            call_user_func($this->handlers[$m[1]], $xml);
            ftp_delete($this->ftp, 'out/' . $name);
            unlink($local);
            echo "done: $name\n";
        }
    }

    private function handleConfirmation(SimpleXMLElement $x)
    {
        $this->soap->setOrderState(array('id' => (int) $x['number'], 'state' => 'confirmed'));
    }

    private function handleShipment(SimpleXMLElement $x)
    {
        $this->soap->setOrderState(array('id' => (int) $x['number'], 'state' => 'shipped', 'tracking' => preg_replace('/\W/', '', $x['tracking'])));
    }

    private function handleStock(SimpleXMLElement $x)
    {
        foreach ($x->LINE as $line) {
            $this->soap->setStock(array('sku' => (string) $line['sku'], 'qty' => (int) $line['qty']));
        }
    }
}

try {
    $sync = new OrderSync();
    $sync->push();
    $sync->pull();
} catch (Exception $e) {
    echo 'ERROR ', $e->getMessage(), "\n";
    mail(ADMIN_MAIL, 'order sync', $e->getMessage() . "\n\n" . $e->getTraceAsString());
    exit(1);
}
