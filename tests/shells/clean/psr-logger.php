<?php

namespace Lumen\Log;

use DateTimeImmutable;
use Psr\Log\AbstractLogger;
use Psr\Log\LogLevel;

/** Rotating file logger with placeholder interpolation. */
class FileLogger extends AbstractLogger
{
    private const WEIGHT = [
        LogLevel::DEBUG => 0, LogLevel::INFO => 1, LogLevel::NOTICE => 2, LogLevel::WARNING => 3,
        LogLevel::ERROR => 4, LogLevel::CRITICAL => 5, LogLevel::ALERT => 6, LogLevel::EMERGENCY => 7,
    ];

    /** @var resource|null */
    private $handle;
    private string $currentFile = '';
    private array $processors = [];

    public function __construct(
        private string $directory,
        private string $channel = 'app',
        private string $threshold = LogLevel::INFO,
        private int $keepDays = 14,
    ) {
        if (!is_dir($directory) && !mkdir($directory, 0775, true) && !is_dir($directory)) {
            throw new \RuntimeException("Cannot create $directory");
        }
    }

    public function pushProcessor(callable $processor): static
    {
        array_unshift($this->processors, $processor);
        return $this;
    }

    public function log($level, string|\Stringable $message, array $context = []): void
    {
        if (self::WEIGHT[$level] < self::WEIGHT[$this->threshold]) {
            return;
        }
        $record = ['level' => $level, 'message' => (string) $message, 'context' => $context, 'extra' => []];
        foreach ($this->processors as $processor) {
            $record = $processor($record);
        }
        fwrite($this->stream(), $this->format($record));
    }

    private function format(array $r): string
    {
        $map = [];
        foreach ($r['context'] as $k => $v) {
            if ($v instanceof \Throwable) {
                $map["{{$k}}"] = get_class($v) . ': ' . $v->getMessage() . ' at ' . $v->getFile() . ':' . $v->getLine();
            } elseif (is_scalar($v) || $v instanceof \Stringable) {
                $map["{{$k}}"] = (string) $v;
            } else {
                $map["{{$k}}"] = json_encode($v, JSON_PARTIAL_OUTPUT_ON_ERROR);
            }
        }
        $extra = $r['extra'] ? ' ' . json_encode($r['extra'], JSON_UNESCAPED_SLASHES) : '';
        return sprintf(
            "[%s] %s.%s: %s%s\n",
            (new DateTimeImmutable())->format('Y-m-d\TH:i:s.vP'),
            $this->channel,
            strtoupper($r['level']),
            addcslashes(strtr($r['message'], $map), "\r\n"),
            $extra
        );
    }

    private function stream()
    {
        $file = sprintf('%s/%s-%s.log', $this->directory, $this->channel, date('Y-m-d'));
        if ($file !== $this->currentFile) {
            if (is_resource($this->handle)) {
                fclose($this->handle);
            }
            $isNew = !is_file($file);
            $this->handle = fopen($file, 'ab');
            $this->currentFile = $file;
            $isNew && $this->rotate();
        }
        return $this->handle;
    }

    private function rotate(): void
    {
        $old = glob("{$this->directory}/{$this->channel}-*.log") ?: [];
        rsort($old);
        array_map('unlink', array_slice($old, $this->keepDays));
    }
}
