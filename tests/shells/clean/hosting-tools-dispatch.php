<?php
/**
 * Customer area of the hosting company: DNS lookup, certificate check, cron list, disk usage.
 * One file, the tools are classes whose names end in "Tool".
 */
ini_set('session.cookie_httponly', 1);
session_start();
require_once 'lib/Customer.php';

$customer = Customer::load($_SESSION['customer_no'] ?? 0);
if (!$customer || !$customer->isActive()) {
    header('Location: login.php');
    exit;
}

abstract class Tool
{
    /** @var Customer */
    protected $customer;

    public function __construct(Customer $customer)
    {
        $this->customer = $customer;
    }

    abstract public function title();
    abstract public function execute(array $input);

    protected function ownDomain(array $input)
    {
        $domain = strtolower(trim($input['domain'] ?? ''));
        foreach ($this->customer->domains() as $own) {
            if ($own === $domain) {
                return $own;
            }
        }
        throw new InvalidArgumentException('This is not one of your domains.');
    }
}

class DnsTool extends Tool
{
    private static $types = ['A' => DNS_A, 'AAAA' => DNS_AAAA, 'MX' => DNS_MX, 'TXT' => DNS_TXT, 'NS' => DNS_NS];

    public function title() { return 'DNS records'; }

    public function execute(array $input)
    {
        $type = $input['type'] ?? 'A';
        if (!isset(self::$types[$type])) {
            throw new InvalidArgumentException('Unknown type.');
        }
        return print_r(dns_get_record($this->ownDomain($input), self::$types[$type]), true);
    }
}

class CertTool extends Tool
{
    public function title() { return 'Certificate'; }

    public function execute(array $input)
    {
        $domain = $this->ownDomain($input);
        $context = stream_context_create(['ssl' => ['capture_peer_cert' => true, 'SNI_enabled' => true, 'peer_name' => $domain]]);
        $s = @stream_socket_client("ssl://$domain:443", $no, $text, 8, STREAM_CLIENT_CONNECT, $context);
        if (!$s) {
            return "No connection: $text";
        }
        $info = openssl_x509_parse(stream_context_get_params($s)['options']['ssl']['peer_certificate']);
        fclose($s);
        return $info['name'] . "\nvalid until " . date('Y-m-d', $info['validTo_time_t']);
    }
}

class CronTool extends Tool
{
    public function title() { return 'Cron jobs'; }

    public function execute(array $input)
    {
        $account = $this->customer->unixAccount();
        if (!preg_match('/^web\d{1,6}$/', $account)) {
            throw new LogicException('account');
        }
        return shell_exec('sudo /usr/bin/crontab -l -u ' . escapeshellarg($account) . ' 2>&1') ?: 'No jobs.';
    }
}

class DiskTool extends Tool
{
    public function title() { return 'Disk usage'; }

    public function execute(array $input)
    {
        $home = realpath('/home/' . basename($this->customer->unixAccount()));
        if ($home === false || dirname($home) !== '/home') {
            throw new LogicException('home');
        }
        $lines = [];
        exec('du -h --max-depth=2 ' . escapeshellarg($home) . ' | sort -rh | head -30', $lines);
        return str_replace($home, '~', implode("\n", $lines));
    }
}

$tools = array_filter(get_declared_classes(), function ($c) {
    return is_subclass_of($c, 'Tool');
});
$output = $error = '';
$chosen = $_POST['tool'] ?? '';
if (in_array($chosen, $tools, true) && $customer->rateLimit('tools', 30)) {
    try {
        $tool = new $chosen($customer);
        $output = $tool->execute($_POST);
    } catch (InvalidArgumentException $e) {
        $error = $e->getMessage();
    }
}
?>
<!doctype html><title>Tools</title>
<form method="post">
<select name="tool"><?php foreach ($tools as $c): $t = new $c($customer); ?>
<option value="<?= $c ?>"<?= $c === $chosen ? ' selected' : '' ?>><?= $t->title() ?></option><?php endforeach; ?></select>
<select name="domain"><?php foreach ($customer->domains() as $d): ?><option><?= htmlspecialchars($d) ?></option><?php endforeach; ?></select>
<select name="type"><option>A<option>AAAA<option>MX<option>TXT<option>NS</select>
<button>Run</button>
</form>
<p class="error"><?= htmlspecialchars($error) ?></p>
<pre><?= htmlspecialchars((string) $output) ?></pre>
