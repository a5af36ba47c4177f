<?php
$css = '';
foreach (['reset', 'grid', 'theme'] as $n) $css .= file_get_contents("css/$n.css");
$css = preg_replace('~/\*.*?\*/~s', '', $css);
header('Content-Type: text/css');
ob_start('ob_gzhandler');
echo preg_replace('/\s+/', ' ', $css);
