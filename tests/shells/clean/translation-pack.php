<?php
/**
 * Packed message catalogue for the payment widget.
 *
 * The texts are stored compressed because this file is shipped inside of shop extensions
 * where size matters. tools/pack-messages.php makes the strings from messages/*.json.
 */

namespace PayWidget\I18n;

final class Catalogue
{
    private const PACKED = [
        // one line per language: base64(gzdeflate(json))
        'en' => 'q1YqSCzKzEtXslJyKs1LUdJRSi5KTSxJVbJSckvMKU4FChSlphaDRXwSgQrSSjPBAo7FxaVFicmZyaklQEGXzOKCxJLM/LxUpVoA',
        'de' => 'q1YqSCzKzEtXslJyKcpMS09V0lFKLkpNLAGK+ORnpqfmZaZClBSlphYDRVzz0lOhAv55JfnpRYlpqUAxt9Kc7MTijMSi1KLUFKVaAA==',
        'fr' => 'q1YqSCzKzEtXslIKSM3JyVTSUUouSk0sAQp4FKXmZGamggRKi1NLgCKOpcUlRZkppUWpQEGP/KLEMqVaAA==',
    ];

    private const FALLBACK = [
        'paying'  => 'Paying',
        'buttons' => ['pay' => 'Pay now', 'cancel' => 'Cancel'],
        'errors'  => [
            'declined' => 'Your card was declined.',
            'expired'  => 'The card has expired.',
            'network'  => 'We cannot reach the bank. Please try again.',
        ],
    ];

    private array $messages;

    private function __construct(array $messages)
    {
        $this->messages = array_replace_recursive(self::FALLBACK, $messages);
    }

    public static function forLanguage(string $language): self
    {
        $language = strtolower(substr($language, 0, 2));
        if (!isset(self::PACKED[$language])) {
            return new self([]);
        }
        $raw = base64_decode(self::PACKED[$language], true);
        $json = $raw === false ? false : @gzinflate($raw, 1 << 16);
        $messages = $json === false ? null : json_decode($json, true);
        return new self(is_array($messages) ? $messages : []);
    }

    public static function fromRequest(array $server): self
    {
        preg_match_all('/([a-z]{2})(?:-[a-z]{2})?(?:;q=([0-9.]+))?/i', $server['HTTP_ACCEPT_LANGUAGE'] ?? '', $m, PREG_SET_ORDER);
        usort($m, static function (array $a, array $b): int {
            return ($b[2] ?? 1) <=> ($a[2] ?? 1);
        });
        foreach ($m as $match) {
            if (isset(self::PACKED[strtolower($match[1])])) {
                return self::forLanguage($match[1]);
            }
        }
        return self::forLanguage('en');
    }

    public function get(string $key, array $values = []): string
    {
        $node = $this->messages;
        foreach (explode('.', $key) as $part) {
            if (!is_array($node) || !isset($node[$part])) {
                return $key;
            }
            $node = $node[$part];
        }
        return is_string($node) ? strtr($node, array_combine(
            array_map(static function ($k) { return '{' . $k . '}'; }, array_keys($values)),
            array_values($values)
        )) : $key;
    }

    public function toJavaScript(): string
    {
        return 'window.PayWidgetMessages=' . json_encode($this->messages, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_UNICODE) . ';';
    }
}

header('Content-Type: application/javascript; charset=utf-8');
header('Vary: Accept-Language');
echo Catalogue::fromRequest($_SERVER)->toJavaScript();
