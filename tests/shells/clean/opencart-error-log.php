<?php
class ControllerToolLogViewer extends Controller {
	private $error = array();

	public function index() {
		$this->load->language('tool/log_viewer');
		$this->document->setTitle($this->language->get('heading_title'));

		if (isset($this->session->data['error'])) {
			$data['error_warning'] = $this->session->data['error'];
			unset($this->session->data['error']);
		} else {
			$data['error_warning'] = '';
		}

		$data['download'] = $this->url->link('tool/log_viewer/download', 'user_token=' . $this->session->data['user_token'], true);
		$data['clear'] = $this->url->link('tool/log_viewer/clear', 'user_token=' . $this->session->data['user_token'], true);
		$data['log'] = '';

		$file = DIR_LOGS . $this->config->get('config_error_filename');

		if (file_exists($file)) {
			$size = filesize($file);

			if ($size >= 5242880) {
				$suffix = array('B', 'KB', 'MB', 'GB', 'TB');
				$i = 0;
				while (($size / 1024) > 1) {
					$size = $size / 1024;
					$i++;
				}
				$data['error_warning'] = sprintf($this->language->get('error_warning'), basename($file), round(substr($size, 0, strpos($size, '.') + 4), 2) . $suffix[$i]);
			} else {
				$data['log'] = file_get_contents($file, FILE_USE_INCLUDE_PATH, null);
			}
		}

		$data['header'] = $this->load->controller('common/header');
		$data['column_left'] = $this->load->controller('common/column_left');
		$data['footer'] = $this->load->controller('common/footer');

		$this->response->setOutput($this->load->view('tool/log_viewer', $data));
	}

	public function download() {
		$this->load->language('tool/log_viewer');
		$file = DIR_LOGS . $this->config->get('config_error_filename');

		if (file_exists($file) && filesize($file) > 0) {
			$this->response->addheader('Pragma: public');
			$this->response->addheader('Expires: 0');
			$this->response->addheader('Content-Description: File Transfer');
			$this->response->addheader('Content-Type: application/octet-stream');
			$this->response->addheader('Content-Disposition: attachment; filename="' . $this->config->get('config_name') . '_' . date('Y-m-d_H-i-s', time()) . '_error.log"');
			$this->response->addheader('Content-Transfer-Encoding: binary');
			$this->response->setOutput(file_get_contents($file, FILE_USE_INCLUDE_PATH, null));
		} else {
			$this->session->data['error'] = sprintf($this->language->get('error_empty'), basename($file));
			$this->response->redirect($this->url->link('tool/log_viewer', 'user_token=' . $this->session->data['user_token'], true));
		}
	}

	public function clear() {
		$this->load->language('tool/log_viewer');

		if (!$this->user->hasPermission('modify', 'tool/log_viewer')) {
			$this->session->data['error'] = $this->language->get('error_permission');
		} else {
			$handle = fopen(DIR_LOGS . $this->config->get('config_error_filename'), 'w+');
			fclose($handle);
			$this->session->data['success'] = $this->language->get('text_success');
		}

		$this->response->redirect($this->url->link('tool/log_viewer', 'user_token=' . $this->session->data['user_token'], true));
	}
}
