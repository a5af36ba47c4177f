<?php
/**
 * Calculated columns for the time sheet reports.
 *
 * Formulas are entered by report designers ("{hours} * {rate} - max({discount}, 0)")
 * and stored in report_columns.formula.
 */
class FormulaException extends Exception {}

class Formula
{
    private static $functions = array('abs', 'round', 'floor', 'ceil', 'min', 'max', 'sqrt', 'pow');
    private static $cache = array();
    private $source;
    private $fields = array();
    private $code;

    public function __construct($source)
    {
        $this->source = trim($source);
        $this->code = $this->translate();
    }

    public static function get($source)
    {
        $k = md5($source);
        if (!isset(self::$cache[$k])) {
            self::$cache[$k] = new self($source);
        }
        return self::$cache[$k];
    }

    public function getFields()
    {
        return array_unique($this->fields);
    }

    private function translate()
    {
        $rest = $this->source;
        $out = '';
        $depth = 0;
        while ($rest !== '') {
            if (preg_match('/^\s+/', $rest, $m)) {
                $out .= ' ';
            } elseif (preg_match('/^\{([a-z][a-z0-9_]*)\}/', $rest, $m)) {
                $this->fields[] = $m[1];
                $out .= "(float)\$row['" . $m[1] . "']";
            } elseif (preg_match('/^\d+(\.\d+)?/', $rest, $m)) {
                $out .= $m[0];
            } elseif (preg_match('/^([a-z]+)(?=\s*\()/', $rest, $m)) {
                if (!in_array($m[1], self::$functions, true)) {
                    throw new FormulaException("Unknown function {$m[1]}()");
                }
                $out .= $m[1];
            } elseif (preg_match('/^(<=|>=|==|!=|[-+*\/%(),<>?:])/', $rest, $m)) {
                $depth += $m[0] == '(' ? 1 : ($m[0] == ')' ? -1 : 0);
                if ($depth < 0) {
                    throw new FormulaException('Unbalanced parentheses');
                }
                $out .= $m[0];
            } else {
                throw new FormulaException('Unexpected text near "' . substr($rest, 0, 10) . '"');
            }
            $rest = (string)substr($rest, strlen($m[0]));
        }
        if ($depth != 0) {
            throw new FormulaException('Unbalanced parentheses');
        }
        return $out === '' ? '0' : $out;
    }

    public function evaluate(array $row)
    {
        foreach ($this->fields as $f) {
            if (!array_key_exists($f, $row)) {
                throw new FormulaException("Unknown column $f");
            }
        }
        try {
            return @eval('return ' . $this->code . ';');
        } catch (DivisionByZeroError $e) {
            return null;
        } catch (ParseError $e) {
            throw new FormulaException('Syntax error in formula: ' . $this->source);
        }
    }
}
