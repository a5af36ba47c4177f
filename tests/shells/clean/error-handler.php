<?php

namespace Plumb\Debug;

/**
 * Turns errors into exceptions, exceptions into a page, and fatal errors into a mail.
 */
final class ErrorHandler
{
    private static $instance;
    private $debug;
    private $mailTo;
    private $spool;
    private $secretKeys = array('password', 'passwd', 'pass', 'token', 'secret', 'cookie', 'authorization');

    public static function register($debug, $mailTo, $spool)
    {
        if (self::$instance) {
            return self::$instance;
        }
        $h = self::$instance = new self();
        $h->debug = (bool) $debug;
        $h->mailTo = $mailTo;
        $h->spool = $spool;
        error_reporting(E_ALL);
        ini_set('display_errors', '0');
        set_error_handler(array($h, 'onError'));
        set_exception_handler(array($h, 'onException'));
        register_shutdown_function(array($h, 'onShutdown'));
        if (function_exists('assert_options')) {
            assert_options(ASSERT_ACTIVE, $debug ? 1 : 0);
            assert_options(ASSERT_CALLBACK, array($h, 'onAssert'));
        }
        return $h;
    }

    public function onAssert($file, $line, $code = null, $text = null)
    {
        throw new \LogicException(sprintf('assertion failed in %s:%d %s', $file, $line, $text));
    }

    public function onError($level, $message, $file, $line)
    {
        if (!(error_reporting() & $level)) {
            return false;
        }
        throw new \ErrorException($message, 0, $level, $file, $line);
    }

    public function onException($e)
    {
        $id = strtoupper(base_convert(substr(md5(uniqid('', true)), 0, 10), 16, 36));
        $this->store($id, $e);
        if (PHP_SAPI === 'cli') {
            fwrite(STDERR, get_class($e) . ': ' . $e->getMessage() . "\n" . $e->getTraceAsString() . "\n");
            exit(255);
        }
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        if (!headers_sent()) {
            header('HTTP/1.1 500 Internal Server Error');
            header('Content-Type: text/html; charset=utf-8');
        }
        echo '<!doctype html><title>Error</title><h1>Something went wrong</h1><p>Please tell us this number: <b>', $id, '</b></p>';
        if ($this->debug) {
            $this->page($e);
        }
    }

    public function onShutdown()
    {
        $last = error_get_last();
        if ($last && in_array($last['type'], array(E_ERROR, E_PARSE, E_CORE_ERROR, E_COMPILE_ERROR), true)) {
            $this->onException(new \ErrorException($last['message'], 0, $last['type'], $last['file'], $last['line']));
        }
    }

    private function page($e)
    {
        echo '<pre>', htmlspecialchars(get_class($e) . ': ' . $e->getMessage()), "</pre>";
        foreach ($e->getTrace() as $frame) {
            $call = (isset($frame['class']) ? $frame['class'] . $frame['type'] : '') . $frame['function'];
            echo '<details><summary>', htmlspecialchars($call), '</summary>';
            if (isset($frame['file'])) {
                echo $this->excerpt($frame['file'], $frame['line']);
            }
            echo '</details>';
        }
    }

    private function excerpt($file, $line)
    {
        $html = highlight_file($file, true);
        $lines = explode('<br />', $html);
        return '<code>' . strip_tags(implode('<br />', array_slice($lines, max(0, $line - 5), 10)), '<br><span>') . '</code>';
    }

    private function store($id, $e)
    {
        $request = $this->censor(array('get' => $_GET, 'post' => $_POST, 'server' => $_SERVER));
        $report = array('id' => $id, 'time' => date('c'), 'text' => (string) $e, 'request' => $request);
        $packed = base64_encode(gzcompress(serialize($report)));
        @file_put_contents($this->spool . '/' . $id . '.err', chunk_split($packed, 76, "\n"));
        if ($this->mailTo && !$this->debug) {
            @mail($this->mailTo, "[error $id] " . substr(strtr($e->getMessage(), "\r\n", '  '), 0, 60), (string) $e);
        }
    }

    private function censor(array $data)
    {
        array_walk_recursive($data, function (&$v, $k) {
            foreach ($this->secretKeys as $word) {
                if (stripos((string) $k, $word) !== false) {
                    $v = '***';
                }
            }
        });
        return $data;
    }
}
