<?php
/**
 * Test doubles for SimpleSpec (PHP 5.2+). Builds a subclass of the given class whose public
 * methods record their calls. The source of the subclass is made from reflection only.
 */
class SimpleSpec_Mock
{
    private static $counter = 0;
    private static $built = array();

    public static function of($class)
    {
        if (!class_exists($class) && !interface_exists($class)) {
            throw new InvalidArgumentException("There is no class $class");
        }
        $key = strtolower($class);
        if (!isset(self::$built[$key])) {
            $name = 'SimpleSpec_Mock_' . preg_replace('/\W/', '_', $class) . '_' . (++self::$counter);
            $source = self::source(new ReflectionClass($class), $name);
            if (getenv('SIMPLESPEC_DUMP')) {
                fwrite(STDERR, $source . "\n");
            }
            eval($source);
            self::$built[$key] = $name;
        }
        $name = self::$built[$key];
        return new $name();
    }

    private static function source(ReflectionClass $class, $name)
    {
        $code = 'class ' . $name . ($class->isInterface() ? ' implements ' : ' extends ') . $class->getName() . " {\n";
        $code .= "  public \$calls = array();\n  public \$returns = array();\n";
        $code .= "  public function __construct() {}\n";
        foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
            if ($method->isFinal() || $method->isStatic() || $method->isConstructor() || $method->isDestructor()) {
                continue;
            }
            $params = array();
            foreach ($method->getParameters() as $p) {
                $params[] = self::parameter($p);
            }
            $m = $method->getName();
            $code .= '  public function ' . ($method->returnsReference() ? '&' : '') . $m . '(' . implode(', ', $params) . ") {\n"
                . "    \$a = func_get_args();\n"
                . "    \$this->calls[] = array('$m', \$a);\n"
                . "    \$r = isset(\$this->returns['$m']) ? \$this->returns['$m'] : null;\n"
                . "    return \$r;\n  }\n";
        }
        return $code . "}\n";
    }

    private static function parameter(ReflectionParameter $p)
    {
        $text = '';
        if ($p->isArray()) {
            $text = 'array ';
        } elseif ($p->getClass()) {
            $text = $p->getClass()->getName() . ' ';
        }
        $text .= ($p->isPassedByReference() ? '&' : '') . '$' . $p->getName();
        if ($p->isDefaultValueAvailable()) {
            $text .= ' = ' . var_export($p->getDefaultValue(), true);
        } elseif ($p->isOptional()) {
            $text .= ' = null';
        }
        return $text;
    }

    public static function assertCalled($mock, $method, $times = null)
    {
        $n = 0;
        foreach ($mock->calls as $call) {
            if ($call[0] === $method) {
                $n++;
            }
        }
        if ($times === null ? $n === 0 : $n !== $times) {
            throw new Exception(sprintf('%s was called %d times', $method, $n));
        }
    }
}
