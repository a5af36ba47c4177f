<?php
/* tools/formula.php -- price formulas of the print shop.
 *
 * The formulas are typed by the employees in the calculation sheet (for instance
 *     12.50 + pages * 0.04 * max(1, copies / 100)
 * ). Nothing is ever given to PHP's own eval: the text is cut into tokens, put into
 * reverse polish notation and worked out on a stack.
 */
require dirname(__FILE__) . '/../lib/employee_only.php';

class FormulaError extends Exception {}

class Formula
{
	private static $functions = array('min' => 2, 'max' => 2, 'ceil' => 1, 'floor' => 1, 'round' => 1, 'sqrt' => 1);
	private static $operators = array(
		'+' => array(1, 'add'), '-' => array(1, 'subtract'),
		'*' => array(2, 'multiply'), '/' => array(2, 'divide'),
	);
	private $rpn = array();

	public function __construct($text)
	{
		if (strlen($text) > 500) {
			throw new FormulaError('too long');
		}
		$stack = array();
		$rest = $text;
		while (($rest = ltrim($rest)) !== '') {
			if (preg_match('/^\d+(\.\d+)?/', $rest, $m)) {
				$this->rpn[] = array('num', (float) $m[0]);
			} elseif (preg_match('/^[a-z_]+/', $rest, $m)) {
				if (isset(self::$functions[$m[0]])) {
					$stack[] = $m[0];
				} else {
					$this->rpn[] = array('var', $m[0]);
				}
			} elseif (preg_match('#^[-+*/]#', $rest, $m)) {
				while ($stack && isset(self::$operators[end($stack)]) && self::$operators[end($stack)][0] >= self::$operators[$m[0]][0]) {
					$this->rpn[] = array('op', array_pop($stack));
				}
				$stack[] = $m[0];
			} elseif (preg_match('/^[(),]/', $rest, $m)) {
				if ($m[0] === '(') {
					$stack[] = '(';
				} else {
					while ($stack && end($stack) !== '(') {
						$this->rpn[] = array('op', array_pop($stack));
					}
					if (!$stack) {
						throw new FormulaError('brackets');
					}
					if ($m[0] === ')') {
						array_pop($stack);
						if ($stack && isset(self::$functions[end($stack)])) {
							$this->rpn[] = array('fn', array_pop($stack));
						}
					}
				}
			} else {
				throw new FormulaError('cannot read "' . substr($rest, 0, 10) . '"');
			}
			$rest = (string) substr($rest, strlen($m[0]));
		}
		while ($stack) {
			$this->rpn[] = array('op', array_pop($stack));
		}
	}

	public function evaluate(array $variables)
	{
		$s = array();
		foreach ($this->rpn as $t) {
			list($kind, $what) = $t;
			if ($kind === 'num') {
				$s[] = $what;
			} elseif ($kind === 'var') {
				if (!array_key_exists($what, $variables)) {
					throw new FormulaError("unknown name $what");
				}
				$s[] = (float) $variables[$what];
			} elseif ($kind === 'fn') {
				$n = self::$functions[$what];
				if (count($s) < $n) {
					throw new FormulaError($what);
				}
				$args = array_splice($s, -$n);
				$s[] = call_user_func_array($what, $args);
			} else {
				if (count($s) < 2 || !isset(self::$operators[$what])) {
					throw new FormulaError('operator');
				}
				list($a, $b) = array_splice($s, -2);
				$method = self::$operators[$what][1];
				$s[] = $this->$method($a, $b);
			}
		}
		if (count($s) !== 1) {
			throw new FormulaError('incomplete');
		}
		return $s[0];
	}

	private function add($a, $b)      { return $a + $b; }
	private function subtract($a, $b) { return $a - $b; }
	private function multiply($a, $b) { return $a * $b; }
	private function divide($a, $b)   { if ($b == 0) throw new FormulaError('division by zero'); return $a / $b; }
}

$text = isset($_POST['formula']) ? (string) $_POST['formula'] : '12.50 + pages * 0.04 * max(1, copies / 100)';
$vars = array();
foreach (array('pages' => 16, 'copies' => 500, 'weight' => 90) as $k => $default) {
	$vars[$k] = isset($_POST[$k]) && is_numeric($_POST[$k]) ? $_POST[$k] : $default;
}
try {
	$formula = new Formula($text);
	$price = number_format($formula->evaluate($vars), 2);
} catch (FormulaError $e) {
	$price = 'Error: ' . $e->getMessage();
}
?>
<form method="post">
<textarea name="formula" cols="70" rows="3"><?php echo htmlspecialchars($text); ?></textarea><br>
<?php foreach ($vars as $k => $v) { ?><label><?php echo $k; ?> <input name="<?php echo $k; ?>" value="<?php echo htmlspecialchars($v); ?>"></label> <?php } ?>
<input type="submit" value="="> <b><?php echo htmlspecialchars($price); ?></b>
</form>
