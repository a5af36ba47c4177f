<?php
/**
 * Nordwind_Feeds
 *
 * @category   Nordwind
 * @package    Nordwind_Feeds
 * @license    http://opensource.org/licenses/osl-3.0.php  Open Software License (OSL 3.0)
 */
class Nordwind_Feeds_Adminhtml_FeedsController extends Mage_Adminhtml_Controller_Action
{
    /**
     * Template directives: {{price:2}} calls _formatPrice($value, '2') and so on.
     */
    protected $_formatters = array(
        'price'  => '_formatPrice',
        'strip'  => '_formatStrip',
        'cut'    => '_formatCut',
        'date'   => '_formatDate',
    );

    protected function _isAllowed()
    {
        return Mage::getSingleton('admin/session')->isAllowed('catalog/nordwind_feeds');
    }

    public function indexAction()
    {
        $this->loadLayout()->_setActiveMenu('catalog/nordwind_feeds')->renderLayout();
    }

    public function generateAction()
    {
        $feed = Mage::getModel('nordwind_feeds/feed')->load((int) $this->getRequest()->getParam('id'));
        if (!$feed->getId()) {
            $this->_getSession()->addError($this->__('This feed does not exist any more.'));
            return $this->_redirect('*/*/');
        }
        try {
            $io = new Varien_Io_File();
            $io->setAllowCreateFolders(true);
            $io->open(array('path' => Mage::getBaseDir('media') . DS . 'feeds'));
            $name = preg_replace('/[^a-z0-9_-]/', '', strtolower($feed->getFileName())) . '.csv';
            $io->streamOpen($name, 'w+');
            $io->streamLock(true);

            $products = Mage::getResourceModel('catalog/product_collection')
                ->addStoreFilter($feed->getStoreId())
                ->addAttributeToSelect(array('name', 'price', 'description', 'created_at'))
                ->addAttributeToFilter('status', Mage_Catalog_Model_Product_Status::STATUS_ENABLED)
                ->setPageSize(200);

            $pages = $products->getLastPageNumber();
            for ($page = 1; $page <= $pages; $page++) {
                $products->setCurPage($page)->load();
                foreach ($products as $product) {
                    $io->streamWriteCsv($this->_row($feed, $product), ';', '"');
                }
                $products->clear();
            }
            $io->streamUnlock();
            $io->streamClose();
            Mage::dispatchEvent('nordwind_feed_generated', array('feed' => $feed, 'file' => $name));
            $this->_getSession()->addSuccess($this->__('The feed %s was written.', $name));
        } catch (Exception $e) {
            Mage::logException($e);
            $this->_getSession()->addError($e->getMessage());
        }
        $this->_redirect('*/*/');
    }

    public function saveAction()
    {
        if (!$this->_validateFormKey()) {
            return $this->_redirect('*/*/');
        }
        $data = array_intersect_key($this->getRequest()->getPost(), array_flip(array('name', 'file_name', 'store_id', 'columns')));
        Mage::getModel('nordwind_feeds/feed')
            ->setData($data)
            ->setId((int) $this->getRequest()->getParam('id') ?: null)
            ->save();
        $this->_redirect('*/*/');
    }

    protected function _row($feed, $product)
    {
        $row = array();
        foreach (explode("\n", $feed->getColumns()) as $column) {
            $row[] = preg_replace_callback('/\{\{([a-z_]+)(?::([a-z]+)(?::(\w+))?)?\}\}/', function ($m) use ($product) {
                $value = (string) $product->getData($m[1]);
                if (isset($m[2]) && isset($this->_formatters[$m[2]])) {
                    $method = $this->_formatters[$m[2]];
                    $value = $this->$method($value, isset($m[3]) ? $m[3] : null);
                }
                return $value;
            }, trim($column));
        }
        return $row;
    }

    protected function _formatPrice($v, $arg) { return number_format((float) $v, min(4, (int) $arg), '.', ''); }
    protected function _formatStrip($v, $arg) { return trim(preg_replace('/\s+/', ' ', strip_tags($v))); }
    protected function _formatCut($v, $arg)   { return Mage::helper('core/string')->truncate($v, max(1, (int) $arg)); }
    protected function _formatDate($v, $arg)  { return Mage::app()->getLocale()->date($v)->toString('yyyy-MM-dd'); }
}
