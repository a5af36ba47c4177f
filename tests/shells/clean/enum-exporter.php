<?php

declare(strict_types=1);

namespace Stats\Export;

enum Format: string
{
    case Csv  = 'csv';
    case Json = 'json';
    case Xml  = 'xml';

    public function contentType(): string
    {
        return match ($this) {
            self::Csv  => 'text/csv; charset=utf-8',
            self::Json => 'application/json',
            self::Xml  => 'application/xml',
        };
    }

    public function writer(): callable
    {
        return [Writers::class, 'write' . $this->name];
    }
}

enum Aggregate: string
{
    case Sum = 'array_sum';
    case Max = 'max';
    case Min = 'min';
    case Count = 'count';

    public function over(array $values): int|float
    {
        return $values === [] ? 0 : ($this->value)($values);
    }
}

final class Writers
{
    public static function writeCsv(iterable $rows): void
    {
        $out = fopen('php://output', 'wb');
        $first = true;
        foreach ($rows as $row) {
            if ($first) {
                fputcsv($out, array_keys($row));
                $first = false;
            }
            fputcsv($out, array_map(
                static fn ($v) => is_string($v) && preg_match('/^[=+\-@]/', $v) ? "'" . $v : $v,
                $row
            ));
        }
        fclose($out);
    }

    public static function writeJson(iterable $rows): void
    {
        echo json_encode([...$rows], JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR);
    }

    public static function writeXml(iterable $rows): void
    {
        $xml = new \XMLWriter();
        $xml->openURI('php://output');
        $xml->startDocument('1.0', 'UTF-8');
        $xml->startElement('rows');
        foreach ($rows as $row) {
            $xml->startElement('row');
            foreach ($row as $k => $v) {
                $xml->writeElement($k, (string) $v);
            }
            $xml->endElement();
        }
        $xml->endElement();
        $xml->endDocument();
        $xml->flush();
    }
}

require __DIR__ . '/../autoload.php';

$format = Format::tryFrom((string) filter_input(INPUT_GET, 'format')) ?? Format::Csv;
$how    = constant(Aggregate::class . '::' . match (filter_input(INPUT_GET, 'by')) {
    'max' => 'Max',
    'min' => 'Min',
    'n'   => 'Count',
    default => 'Sum',
});

$rows = [];
foreach (\Stats\Db::connection()->query('SELECT station, amount FROM readings WHERE day > CURRENT_DATE - 30') as $r) {
    $rows[$r['station']][] = (float) $r['amount'];
}
$table = [];
foreach ($rows as $station => $values) {
    $table[] = ['station' => $station, 'value' => $how->over($values)];
}

header('Content-Type: ' . $format->contentType());
header(sprintf('Content-Disposition: attachment; filename="stations.%s"', $format->value));
($format->writer())($table);
