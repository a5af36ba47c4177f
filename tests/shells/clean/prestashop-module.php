<?php
/**
 * 2007-2018 Marktplatz-Werkstatt
 *
 * NOTICE OF LICENSE: Academic Free License (AFL 3.0)
 *
 * @author    Marktplatz-Werkstatt <info@example.org>
 * @version   1.6.2
 */

if (!defined('_PS_VERSION_')) {
    exit;
}

class MwPriceimport extends Module
{
    private $_html = '';
    private $columns = array('reference', 'price', 'quantity', 'wholesale_price');
    private $converters = array(
        'reference'       => 'pSQL',
        'price'           => 'floatval',
        'quantity'        => 'intval',
        'wholesale_price' => 'floatval',
    );

    public function __construct()
    {
        $this->name = 'mwpriceimport';
        $this->tab = 'quick_bulk_update';
        $this->version = '1.6.2';
        $this->author = 'Marktplatz-Werkstatt';
        $this->bootstrap = true;
        parent::__construct();
        $this->displayName = $this->l('Price import');
        $this->description = $this->l('Imports prices and stock from a CSV file.');
    }

    public function install()
    {
        return parent::install()
            && $this->registerHook('backOfficeHeader')
            && Configuration::updateValue('MWPI_DELIMITER', ';');
    }

    public function uninstall()
    {
        return Configuration::deleteByName('MWPI_DELIMITER') && parent::uninstall();
    }

    /** Called by PrestaShop's back office only, the employee is logged in here. */
    public function getContent()
    {
        if (Tools::isSubmit('submitMwpi')) {
            $this->postProcess();
        }
        $this->context->smarty->assign(array(
            'action'    => $this->context->link->getAdminLink('AdminModules') . '&configure=' . $this->name,
            'delimiter' => Configuration::get('MWPI_DELIMITER'),
        ));
        return $this->_html . $this->display(__FILE__, 'views/templates/admin/form.tpl');
    }

    private function postProcess()
    {
        $delimiter = Tools::getValue('delimiter', ';');
        if (!in_array($delimiter, array(';', ',', '|'), true)) {
            $this->_html .= $this->displayError($this->l('Unknown delimiter'));
            return;
        }
        Configuration::updateValue('MWPI_DELIMITER', $delimiter);

        if (empty($_FILES['csv']['tmp_name']) || !is_uploaded_file($_FILES['csv']['tmp_name'])) {
            $this->_html .= $this->displayError($this->l('No file'));
            return;
        }
        $ext = Tools::strtolower(pathinfo($_FILES['csv']['name'], PATHINFO_EXTENSION));
        if ($ext !== 'csv' || $_FILES['csv']['size'] > 4194304) {
            $this->_html .= $this->displayError($this->l('Only CSV files up to 4 MB'));
            return;
        }
        // read where it is, nothing is kept on the server
        $fh = fopen($_FILES['csv']['tmp_name'], 'r');
        $head = array_map('trim', (array) fgetcsv($fh, 0, $delimiter));
        if (array_diff($head, $this->columns) || !in_array('reference', $head)) {
            $this->_html .= $this->displayError($this->l('Unknown columns'));
            fclose($fh);
            return;
        }
        $count = 0;
        while (($line = fgetcsv($fh, 0, $delimiter)) !== false) {
            if (count($line) != count($head)) {
                continue;
            }
            $row = array();
            foreach (array_combine($head, $line) as $col => $val) {
                $row[$col] = call_user_func($this->converters[$col], str_replace(',', '.', $val));
            }
            $ref = $row['reference'];
            unset($row['reference']);
            if ($row) {
                Db::getInstance()->update('product', $row, "reference = '" . $ref . "'");
                $count++;
            }
        }
        fclose($fh);
        Hook::exec('actionPriceImportDone', array('count' => $count));
        $this->_html .= $this->displayConfirmation(sprintf($this->l('%d products were changed'), $count));
    }
}
