<?php
namespace console\controllers;

use Yii;
use yii\console\Controller;
use yii\console\ExitCode;
use yii\helpers\Console;
use yii\helpers\FileHelper;
use yii\helpers\Inflector;

/**
 * Generates model, search model and controller for a table.
 *
 *   ./yii scaffold customer_address --module=crm
 */
class ScaffoldController extends Controller
{
    public $module = 'main';
    public $force = false;
    public $defaultAction = 'generate';

    public function options($actionID)
    {
        return array_merge(parent::options($actionID), ['module', 'force']);
    }

    public function optionAliases()
    {
        return ['m' => 'module', 'f' => 'force'];
    }

    public function actionGenerate($table)
    {
        $schema = Yii::$app->db->getTableSchema($table);
        if ($schema === null) {
            $this->stderr("Table '$table' does not exist.\n", Console::FG_RED);
            return ExitCode::DATAERR;
        }

        $class = Inflector::id2camel($table, '_');
        $ns = "backend\\modules\\{$this->module}";
        $base = Yii::getAlias('@backend/modules/' . $this->module);

        $targets = [
            'model'      => "$base/models/$class.php",
            'search'     => "$base/models/{$class}Search.php",
            'controller' => "$base/controllers/{$class}Controller.php",
            'index'      => "$base/views/" . Inflector::camel2id($class) . '/index.php',
            'form'       => "$base/views/" . Inflector::camel2id($class) . '/_form.php',
        ];

        foreach ($targets as $tpl => $file) {
            if (is_file($file) && !$this->force && !$this->confirm("$file exists, overwrite?")) {
                continue;
            }
            $code = $this->view->renderPhpFile(__DIR__ . "/../templates/scaffold/$tpl.php", [
                'class'   => $class,
                'ns'      => $ns,
                'table'   => $table,
                'columns' => $schema->columns,
                'rules'   => $this->rules($schema),
            ]);
            FileHelper::createDirectory(dirname($file));
            file_put_contents($file, "<?php\n" . ltrim($code));
            exec('php -l ' . escapeshellarg($file), $out, $rc);
            $this->stdout(str_pad($tpl, 12) . $file . ($rc ? '  SYNTAX ERROR' : '') . "\n", $rc ? Console::FG_RED : Console::FG_GREEN);
        }
        return ExitCode::OK;
    }

    private function rules($schema)
    {
        $rules = ['required' => [], 'integer' => [], 'number' => [], 'safe' => []];
        $lengths = [];
        foreach ($schema->columns as $c) {
            if ($c->autoIncrement) {
                continue;
            }
            if (!$c->allowNull && $c->defaultValue === null) {
                $rules['required'][] = $c->name;
            }
            if ($c->phpType === 'integer') {
                $rules['integer'][] = $c->name;
            } elseif ($c->phpType === 'double') {
                $rules['number'][] = $c->name;
            } elseif ($c->size) {
                $lengths[$c->size][] = $c->name;
            } else {
                $rules['safe'][] = $c->name;
            }
        }
        return ['types' => array_filter($rules), 'lengths' => $lengths];
    }
}
