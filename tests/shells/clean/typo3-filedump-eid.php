<?php
/***************************************************************
*  Copyright notice
*
*  (c) 2011 Referat Internet <internet@example-uni.de>
*  All rights reserved
*
*  This script is part of the TYPO3 project and free software
*  under the GNU General Public License.
***************************************************************/

if (!defined('PATH_typo3conf')) {
	die('Could not access this script directly!');
}

/**
 * eID script: delivers files from the protected storage to logged in front end users.
 * index.php?eID=uni_securefile&u=<uid of the record>&f=<n-th file>&h=<hash>
 */
class tx_unisecure_eid {

	/**
	 * @var tslib_feUserAuth
	 */
	protected $user;

	protected $conf = array();

	protected $mimeTypes = array(
		'pdf'  => 'application/pdf',
		'doc'  => 'application/msword',
		'zip'  => 'application/zip',
		'jpg'  => 'image/jpeg',
		'png'  => 'image/png',
		'mp4'  => 'video/mp4',
	);

	public function __construct() {
		tslib_eidtools::connectDB();
		$this->user = tslib_eidtools::initFeUser();
		$this->conf = unserialize($GLOBALS['TYPO3_CONF_VARS']['EXT']['extConf']['unisecure']);
	}

	public function main() {
		$uid = intval(t3lib_div::_GET('u'));
		$nr  = t3lib_div::intInRange(t3lib_div::_GET('f'), 0, 50);

		if (t3lib_div::_GET('h') !== t3lib_div::hmac($uid . '|' . $nr)) {
			$this->fail(403, 'The link is damaged.');
		}
		if (!is_array($this->user->user) || !$this->user->user['uid']) {
			$this->fail(403, 'Please log in.');
		}

		$row = $GLOBALS['TYPO3_DB']->exec_SELECTgetSingleRow(
			'files, fe_group',
			'tx_unisecure_document',
			'uid=' . $uid . ' AND deleted=0 AND hidden=0'
		);
		if (!$row || !$this->mayRead($row['fe_group'])) {
			$this->fail(404, 'There is no such document.');
		}
		$files = t3lib_div::trimExplode(',', $row['files'], TRUE);
		if (!isset($files[$nr])) {
			$this->fail(404, 'There is no such file.');
		}

		$name = basename($files[$nr]);
		$path = t3lib_div::getFileAbsFileName(rtrim($this->conf['directory'], '/') . '/' . $name);
		$info = t3lib_div::split_fileref($name);
		if (!$path || !t3lib_div::isAllowedAbsPath($path) || !t3lib_div::verifyFilenameAgainstDenyPattern($name)
			|| !isset($this->mimeTypes[$info['fileext']]) || !@is_file($path)) {
			$this->fail(404, 'There is no such file.');
		}

		if (is_array($GLOBALS['TYPO3_CONF_VARS']['EXTCONF']['unisecure']['beforeOutput'])) {
			foreach ($GLOBALS['TYPO3_CONF_VARS']['EXTCONF']['unisecure']['beforeOutput'] as $funcRef) {
				$params = array('path' => $path, 'user' => $this->user->user);
				t3lib_div::callUserFunction($funcRef, $params, $this);
			}
		}

		header('Content-Type: ' . $this->mimeTypes[$info['fileext']]);
		header('Content-Disposition: attachment; filename="' . $name . '"');
		header('Content-Length: ' . filesize($path));
		header('Cache-Control: private');
		readfile($path);
		exit;
	}

	protected function mayRead($groups) {
		if (trim($groups) === '' || $groups === '0') {
			return TRUE;
		}
		return (bool) array_intersect(
			t3lib_div::intExplode(',', $groups),
			t3lib_div::intExplode(',', $this->user->user['usergroup'])
		);
	}

	protected function fail($code, $text) {
		header('HTTP/1.1 ' . (int) $code . ($code == 403 ? ' Forbidden' : ' Not Found'));
		die(htmlspecialchars($text));
	}
}

$SOBE = t3lib_div::makeInstance('tx_unisecure_eid');
$SOBE->main();
?>
