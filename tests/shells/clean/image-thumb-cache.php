<?php
/*
 * thumb.php?src=2012/summer/p1010023.jpg&w=200&h=150&f=grey
 * Small pictures of the gallery. No remote addresses - there were enough holes in those scripts.
 */
error_reporting(0);
$base   = realpath(dirname(__FILE__) . '/gallery');
$cache  = dirname(__FILE__) . '/gallery/.thumbs';
$sizes  = array(80, 120, 150, 200, 320, 640);
$filters = array(
    'none'  => null,
    'grey'  => array(IMG_FILTER_GRAYSCALE),
    'soft'  => array(IMG_FILTER_SMOOTH, 6),
    'light' => array(IMG_FILTER_BRIGHTNESS, 25),
    'sepia' => array(IMG_FILTER_COLORIZE, 40, 20, 0),
);
$open = array(1 => 'imagecreatefromgif', 2 => 'imagecreatefromjpeg', 3 => 'imagecreatefrompng');
$save = array(1 => 'imagegif', 2 => 'imagejpeg', 3 => 'imagepng');

function not_found()
{
    header('HTTP/1.0 404 Not Found');
    header('Content-Type: image/gif');
    die(base64_decode('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'));
}

function nearest($n, $list)
{
    foreach ($list as $x) {
        if ($n <= $x) return $x;
    }
    return end($list);
}

$src = isset($_GET['src']) ? $_GET['src'] : '';
if (!is_string($src) || strpos($src, '://') !== false || strpos($src, "\0") !== false) not_found();
if (!preg_match('/\.(gif|jpe?g|png)$/i', $src)) not_found();

$file = realpath($base . '/' . $src);
if (!$file || substr($file, 0, strlen($base) + 1) !== $base . '/' || !is_file($file)) not_found();

$w = nearest(isset($_GET['w']) ? (int) $_GET['w'] : 150, $sizes);
$h = nearest(isset($_GET['h']) ? (int) $_GET['h'] : 150, $sizes);
$f = isset($_GET['f']) && array_key_exists($_GET['f'], $filters) ? $_GET['f'] : 'none';

$info = getimagesize($file);
if (!$info || !isset($open[$info[2]]) || $info[0] * $info[1] > 25000000) not_found();
$type = $info[2];

$thumb = $cache . '/' . sha1($file . filemtime($file) . "|$w|$h|$f") . image_type_to_extension($type);

if (!file_exists($thumb)) {
    $old = $open[$type]($file);
    if (!$old) not_found();
    $scale = min($w / $info[0], $h / $info[1], 1);
    $nw = max(1, (int) round($info[0] * $scale));
    $nh = max(1, (int) round($info[1] * $scale));
    $new = imagecreatetruecolor($nw, $nh);
    if ($type == 3) {
        imagealphablending($new, false);
        imagesavealpha($new, true);
    }
    imagecopyresampled($new, $old, 0, 0, 0, 0, $nw, $nh, $info[0], $info[1]);
    if ($filters[$f]) {
        call_user_func_array('imagefilter', array_merge(array($new), $filters[$f]));
    }
    if (!is_dir($cache)) mkdir($cache, 0755);
    $args = array($new, $thumb);
    if ($type == 2) $args[] = 82;
    call_user_func_array($save[$type], $args);
    imagedestroy($old);
    imagedestroy($new);
    // now and then throw away old ones
    if (mt_rand(1, 200) == 1) {
        foreach (glob($cache . '/*') as $g) {
            if (fileatime($g) < time() - 60 * 86400) unlink($g);
        }
    }
}

$time = filemtime($thumb);
if (isset($_SERVER['HTTP_IF_MODIFIED_SINCE']) && strtotime($_SERVER['HTTP_IF_MODIFIED_SINCE']) >= $time) {
    header('HTTP/1.1 304 Not Modified');
    exit;
}
header('Content-Type: ' . image_type_to_mime_type($type));
header('Last-Modified: ' . gmdate('D, d M Y H:i:s', $time) . ' GMT');
header('Content-Length: ' . filesize($thumb));
readfile($thumb);
