<?php
// thumb.php?img=2014/holiday/IMG_0032.jpg&w=240
$root   = realpath('photos');
$cache  = 'cache/thumbs';
$widths = array(120, 240, 480, 960);

$img = isset($_GET['img']) ? $_GET['img'] : '';
$w   = isset($_GET['w']) ? intval($_GET['w']) : 240;
if (!in_array($w, $widths)) $w = 240;

$file = realpath($root . '/' . $img);
if ($file === false || strpos($file, $root . DIRECTORY_SEPARATOR) !== 0 || !preg_match('/\.(jpe?g|png|gif)$/i', $file)) {
    header('HTTP/1.0 404 Not Found');
    header('Content-type: image/gif');
    // 1x1 transparent gif
    echo base64_decode('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7');
    exit;
}

$thumb = $cache . '/' . md5($file) . '_' . $w . '.jpg';

if (isset($_SERVER['HTTP_IF_MODIFIED_SINCE']) && file_exists($thumb)
    && strtotime($_SERVER['HTTP_IF_MODIFIED_SINCE']) >= filemtime($thumb)) {
    header('HTTP/1.1 304 Not Modified');
    exit;
}

if (!file_exists($thumb) || filemtime($thumb) < filemtime($file)) {
    list($ow, $oh, $type) = getimagesize($file);
    switch ($type) {
        case IMAGETYPE_JPEG: $src = imagecreatefromjpeg($file); break;
        case IMAGETYPE_PNG:  $src = imagecreatefrompng($file);  break;
        case IMAGETYPE_GIF:  $src = imagecreatefromgif($file);  break;
        default: die('unsupported');
    }

    // turn phone pictures the right way up
    if ($type == IMAGETYPE_JPEG && function_exists('exif_read_data')) {
        $exif = @exif_read_data($file);
        if (!empty($exif['Orientation'])) {
            $turn = array(3 => 180, 6 => -90, 8 => 90);
            if (isset($turn[$exif['Orientation']])) {
                $src = imagerotate($src, $turn[$exif['Orientation']], 0);
                $ow = imagesx($src);
                $oh = imagesy($src);
            }
        }
    }

    $h = round($oh * $w / $ow);
    $dst = imagecreatetruecolor($w, $h);
    imagefill($dst, 0, 0, imagecolorallocate($dst, 255, 255, 255));
    imagecopyresampled($dst, $src, 0, 0, 0, 0, $w, $h, $ow, $oh);
    if (!is_dir($cache)) mkdir($cache, 0755, true);
    imagejpeg($dst, $thumb, 82);
    imagedestroy($src);
    imagedestroy($dst);
}

header('Content-type: image/jpeg');
header('Content-Length: ' . filesize($thumb));
header('Last-Modified: ' . gmdate('D, d M Y H:i:s', filemtime($thumb)) . ' GMT');
header('Cache-Control: public, max-age=604800');
readfile($thumb);
