<?php
# captcha.php -- draws a code as a GIF, remembers it in the session
session_start();

class captcha
{
	var $w = 150;
	var $h = 46;
	var $code = '';
	var $im;

	function captcha($len)
	{
		$abc = 'ABCDEFGHJKLMNPRTUVWXY346789';
		for ($i = 0; $i < $len; $i++)
			$this->code .= $abc{mt_rand(0, strlen($abc) - 1)};
	}

	// the glyphs: 5x7 pixels, one number per line (bit 4 is the leftmost)
	function font()
	{
		return unserialize(gzuncompress(base64_decode($this->fontdata())));
	}

	function fontdata()
	{
		$d = @file_get_contents(dirname(__FILE__) . '/captcha.font');
		if ($d === false || md5($d) != '5d3a2c1b0e9f8a7b6c5d4e3f2a1b0c9d')
			die('font file is damaged');
		return $d;
	}

	function draw()
	{
		$this->im = imagecreate($this->w, $this->h);
		$bg = imagecolorallocate($this->im, 240, 240, 230);
		$fg = imagecolorallocate($this->im, mt_rand(0, 90), mt_rand(0, 90), mt_rand(60, 140));
		$nz = imagecolorallocate($this->im, 190, 190, 180);
		for ($i = 0; $i < 300; $i++)
			imagesetpixel($this->im, mt_rand(0, $this->w), mt_rand(0, $this->h), $nz);
		$font = $this->font();
		$x = 10;
		for ($i = 0; $i < strlen($this->code); $i++) {
			$y = mt_rand(6, 16);
			$glyph = $font[ord($this->code{$i})];
			foreach ($glyph as $row => $bits)
				for ($b = 0; $b < 5; $b++)
					if ($bits & (16 >> $b))
						imagefilledrectangle($this->im, $x + $b * 4, $y + $row * 4, $x + $b * 4 + 3, $y + $row * 4 + 3, $fg);
			$x += 26;
		}
		for ($i = 0; $i < 4; $i++)
			imageline($this->im, 0, mt_rand(0, $this->h), $this->w, mt_rand(0, $this->h), $fg);
	}

	function send()
	{
		header('Content-type: image/gif');
		header('Cache-Control: no-store, no-cache, must-revalidate');
		header('Expires: Thu, 01 Jan 1970 00:00:00 GMT');
		imagegif($this->im);
		imagedestroy($this->im);
	}
}

$c = new captcha(5);
$_SESSION['captcha'] = md5(strtolower($c->code) . session_id());
$_SESSION['captcha_time'] = time();
$c->draw();
$c->send();
?>
