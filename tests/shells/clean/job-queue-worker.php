<?php
/**
 * Queue worker. Takes jobs out of the table "jobs"; a job is a class name of the list below plus
 * JSON data written by this application. Started by systemd (jobs.service), ends itself after an hour.
 */
namespace Club\Jobs;

require __DIR__ . '/../lib/autoload.php';
if (PHP_SAPI !== 'cli') {
    http_response_code(404);
    exit;
}
pcntl_async_signals(true);

interface Job
{
    public static function fromArray(array $data): Job;
    public function handle(\PDO $db);
}

class NewsletterJob implements Job
{
    private $issue, $address, $name;

    public static function fromArray(array $data): Job
    {
        $j = new self;
        $j->issue = (int) $data['issue'];
        $j->address = filter_var($data['address'], FILTER_VALIDATE_EMAIL);
        $j->name = preg_replace('/[\r\n]/', '', $data['name']);
        return $j;
    }

    public function handle(\PDO $db)
    {
        if (!$this->address) {
            return;
        }
        $st = $db->prepare('SELECT subject, body FROM newsletters WHERE id = ?');
        $st->execute([$this->issue]);
        list($subject, $body) = $st->fetch(\PDO::FETCH_NUM);
        mail(
            $this->address,
            '=?UTF-8?B?' . base64_encode($subject) . '?=',
            quoted_printable_encode(strtr($body, ['{name}' => $this->name])),
            "From: Club <news@club.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
            '-fbounce@club.example'
        );
    }
}

class PdfJob implements Job
{
    private $invoice;

    public static function fromArray(array $data): Job
    {
        $j = new self;
        $j->invoice = (int) $data['invoice'];
        return $j;
    }

    public function handle(\PDO $db)
    {
        $dir = '/srv/club/invoices';
        $tex = sprintf('%s/%06d.tex', $dir, $this->invoice);
        $process = proc_open(
            'pdflatex -no-shell-escape -interaction=batchmode -output-directory=' . escapeshellarg($dir) . ' ' . escapeshellarg($tex),
            [0 => ['file', '/dev/null', 'r'], 1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']],
            $pipes, $dir
        );
        if (proc_close($process) !== 0) {
            throw new \RuntimeException("invoice {$this->invoice}: pdflatex failed");
        }
        array_map('unlink', glob(sprintf('%s/%06d.{aux,log}', $dir, $this->invoice), GLOB_BRACE));
    }
}

const KINDS = [
    'newsletter' => NewsletterJob::class,
    'pdf'        => PdfJob::class,
];

$running = true;
foreach ([SIGTERM, SIGINT] as $signal) {
    pcntl_signal($signal, function () use (&$running) {
        $running = false;
    });
}

$db = \Club\Db::connect();
$end = time() + 3600;
while ($running && time() < $end) {
    $db->beginTransaction();
    $row = $db->query('SELECT id, kind, data, tries FROM jobs WHERE state = "new" AND not_before <= NOW() ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED')->fetch(\PDO::FETCH_ASSOC);
    if (!$row) {
        $db->commit();
        sleep(2);
        continue;
    }
    $set = $db->prepare('UPDATE jobs SET state = ?, tries = tries + 1, message = ?, not_before = NOW() + INTERVAL ? MINUTE WHERE id = ?');
    $set->execute(['busy', '', 0, $row['id']]);
    $db->commit();
    try {
        if (!isset(KINDS[$row['kind']])) {
            throw new \DomainException('unknown kind ' . $row['kind']);
        }
        $job = call_user_func([KINDS[$row['kind']], 'fromArray'], json_decode($row['data'], true));
        $job->handle($db);
        $set->execute(['done', '', 0, $row['id']]);
    } catch (\Exception $e) {
        $again = $row['tries'] < 5 && !$e instanceof \DomainException;
        $set->execute([$again ? 'new' : 'failed', substr($e->getMessage(), 0, 200), 2 ** $row['tries'], $row['id']]);
        fwrite(STDERR, date('c ') . $e->getMessage() . "\n");
    }
}
