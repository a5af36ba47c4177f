<?php
defined('BASEPATH') OR exit('No direct script access allowed');

class Reports extends MY_Controller {

	private $reports = array(
		'sales_by_month'   => array('title' => 'Sales by month',   'role' => 'manager'),
		'open_orders'      => array('title' => 'Open orders',      'role' => 'clerk'),
		'stock_value'      => array('title' => 'Value of stock',   'role' => 'manager'),
		'returns'          => array('title' => 'Returned goods',   'role' => 'clerk'),
	);

	public function __construct()
	{
		parent::__construct();
		if ( ! $this->session->userdata('user_id'))
		{
			redirect('login?back='.rawurlencode(uri_string()));
		}
		$this->load->model('report_model');
		$this->load->helper(array('url', 'download', 'text'));
	}

	public function _remap($method, $params = array())
	{
		// /reports/open_orders  ->  show('open_orders')
		if (isset($this->reports[$method]))
		{
			return $this->show($method, $params);
		}
		if (in_array($method, array('index', 'archive', 'pdf'), TRUE))
		{
			return call_user_func_array(array($this, $method), $params);
		}
		show_404();
	}

	public function index()
	{
		$this->load->view('reports/list', array('reports' => array_filter($this->reports, array($this, 'allowed'))));
	}

	private function allowed($report)
	{
		return $this->auth->has_role($report['role']);
	}

	private function show($name, $params)
	{
		if ( ! $this->allowed($this->reports[$name]))
		{
			show_error('You may not see this report.', 403);
		}
		$from = $this->input->get('from', TRUE);
		$to   = $this->input->get('to', TRUE);
		foreach (array('from', 'to') as $v)
		{
			if ( ! preg_match('/^\d{4}-\d\d-\d\d$/D', (string) $$v))
			{
				$$v = $v === 'from' ? date('Y-m-01') : date('Y-m-d');
			}
		}
		$rows = $this->report_model->{'report_'.$name}($from, $to);
		if (isset($params[0]) && $params[0] === 'csv')
		{
			$this->load->dbutil();
			force_download($name.'-'.$from.'.csv', $this->to_csv($rows));
		}
		$this->load->view('reports/'.$name, array('rows' => $rows, 'from' => $from, 'to' => $to, 'title' => $this->reports[$name]['title']));
	}

	public function pdf($name = '')
	{
		if ( ! isset($this->reports[$name]) OR ! $this->allowed($this->reports[$name]))
		{
			show_404();
		}
		$html = $this->load->view('reports/'.$name, array('rows' => $this->report_model->{'report_'.$name}(date('Y-m-01'), date('Y-m-d')), 'title' => $this->reports[$name]['title']), TRUE);
		$in  = tempnam(APPPATH.'cache', 'rep').'.html';
		$out = substr($in, 0, -5).'.pdf';
		file_put_contents($in, $html);
		exec('/usr/local/bin/wkhtmltopdf -q --disable-javascript '.escapeshellarg($in).' '.escapeshellarg($out), $dummy, $status);
		unlink($in);
		if ($status !== 0 OR ! is_file($out))
		{
			log_message('error', 'wkhtmltopdf ended with '.$status);
			show_error('The PDF could not be made.');
		}
		$pdf = file_get_contents($out);
		unlink($out);
		force_download($name.'.pdf', $pdf);
	}

	public function archive($year = NULL, $file = NULL)
	{
		if ( ! ctype_digit((string) $year) OR strlen($year) !== 4)
		{
			show_404();
		}
		$files = glob(FCPATH.'../archive/'.$year.'/*.pdf');
		foreach ($files as $path)
		{
			if (basename($path) === $file)
			{
				force_download($file, file_get_contents($path));
			}
		}
		$this->load->view('reports/archive', array('year' => $year, 'files' => array_map('basename', $files)));
	}

	private function to_csv($rows)
	{
		$lines = array();
		foreach ($rows as $row)
		{
			$lines[] = implode(';', array_map(function ($v) { return '"'.str_replace('"', '""', $v).'"'; }, $row));
		}
		return implode("\r\n", $lines);
	}
}
