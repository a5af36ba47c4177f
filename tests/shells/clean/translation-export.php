<?php

class Admin_TranslationsController extends Zend_Controller_Action
{
    /** @var Model_Translations */
    protected $_model;

    public function init()
    {
        if (!Zend_Auth::getInstance()->hasIdentity()) {
            $this->_redirect('/admin/login');
        }
        if (!$this->_helper->acl->isAllowed('translations', 'edit')) {
            throw new Zend_Controller_Action_Exception('Forbidden', 403);
        }
        $this->_model = new Model_Translations();
        $this->view->locales = $this->_locales();
    }

    protected function _locales()
    {
        return array_keys(Zend_Registry::get('config')->locales->toArray());
    }

    public function indexAction()
    {
        $locale = $this->_getParam('locale', 'en');
        $this->view->locale = $locale;
        $this->view->missing = $this->_model->countMissing($locale);
        $paginator = Zend_Paginator::factory($this->_model->selectByLocale($locale, $this->_getParam('q')));
        $paginator->setItemCountPerPage(50)->setCurrentPageNumber($this->_getParam('page', 1));
        $this->view->paginator = $paginator;
    }

    public function saveAction()
    {
        $this->_helper->viewRenderer->setNoRender();
        $this->_helper->layout->disableLayout();
        if (!$this->getRequest()->isPost()) {
            return;
        }
        $this->_model->store(
            $this->_getParam('locale'),
            $this->_getParam('key'),
            $this->_getParam('text')
        );
        $this->_helper->json(array('ok' => true));
    }

    /**
     * Write all texts of one language to application/languages/<locale>.php
     */
    public function publishAction()
    {
        $locale = $this->_getParam('locale');
        if (!in_array($locale, $this->_locales(), true)) {
            throw new Zend_Controller_Action_Exception('Unknown locale', 404);
        }

        $lines = array('<?php', '/* generated, do not edit: use Admin > Translations */', 'return array(');
        foreach ($this->_model->fetchPairs($locale) as $key => $text) {
            $lines[] = '    ' . var_export($key, true) . ' => ' . var_export($text, true) . ',';
        }
        $lines[] = ');';

        $target = APPLICATION_PATH . '/languages/' . $locale . '.php';
        $temp = $target . '.tmp';
        if (file_put_contents($temp, implode("\n", $lines) . "\n") === false) {
            $this->_helper->flashMessenger('Language directory is not writable');
        } else {
            rename($temp, $target);
            chmod($target, 0664);
            Zend_Registry::get('cache')->clean(Zend_Cache::CLEANING_MODE_MATCHING_TAG, array('translate'));
            $this->_helper->flashMessenger(sprintf('%s published', $locale));
        }
        $this->_helper->redirector('index', null, null, array('locale' => $locale));
    }
}
