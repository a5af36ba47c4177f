<?php
// weather.php: prints the little weather box; called by <script src="/widgets/weather.php?town=berne">
$towns = array('berne' => array(46.95, 7.45), 'basel' => array(47.56, 7.59), 'geneva' => array(46.2, 6.15), 'zurich' => array(47.38, 8.54));
$town = isset($_GET['town']) ? strtolower($_GET['town']) : 'berne';
if (!isset($towns[$town])) {
    $town = 'berne';
}
$cache = sys_get_temp_dir() . '/weather-' . $town . '.json';
if (!file_exists($cache) || time() - filemtime($cache) > 1800) {
    list($lat, $lon) = $towns[$town];
    $json = @file_get_contents("https://api.met.example.org/v1/now?lat=$lat&lon=$lon");
    if ($json !== false && json_decode($json) !== null) {
        file_put_contents($cache, $json, LOCK_EX);
    }
}
$now = file_exists($cache) ? json_decode(file_get_contents($cache), true) : array();
$temp = isset($now['temp']) ? (float) $now['temp'] : null;
$icon = isset($now['icon']) && preg_match('/^[a-z]{3,12}$/', $now['icon']) ? $now['icon'] : 'none';

// 16x16 icons, embedded
$icons = array(
    'none'  => 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    'sun'   => 'R0lGODlhEAAQAKIAAP/MAP+ZAP/mAP/zmf///wAAAAAAAAAAACH5BAEAAAQALAAAAAAQABAAAANDSLrc/jDKSau9OOvNu/9gKI5kaZ5oqq5s675wLM90bd94ru987//AoHBILBqPyKRyyWw6n9CodEqtWq/YrHbL7Xq/4HACADs=',
    'cloud' => 'R0lGODlhEAAQAKIAAMzMzJmZmWZmZv///wAAAAAAAAAAAAAAACH5BAEAAAMALAAAAAAQABAAAAMvOLrc/jDKSau9OOvNu/9gKI5kaZ5oqq5s675wLM90bd94ru987//AoHBILBqPSAkAOw==',
    'rain'  => 'R0lGODlhEAAQAKIAAGaZ/zNmzMzMzJmZmf///wAAAAAAAAAAACH5BAEAAAQALAAAAAAQABAAAAM4SLrc/jDKSau9OOvNu/9gKI5kaZ5oqq5s675wLM90bd94ru987//AoHBILBqPyKRyyWw6n1AAADs=',
);
$src = 'data:image/gif;base64,' . (isset($icons[$icon]) ? $icons[$icon] : $icons['none']);
$data = json_encode(array('town' => ucfirst($town), 'temp' => $temp, 'icon' => $src));

header('Content-Type: application/javascript');
header('Cache-Control: max-age=900');
?>
var WBOX=<?php echo $data; ?>;
eval(function(p,a,c,k,e,r){e=function(c){return c.toString(a)};if(!''.replace(/^/,String)){while(c--)r[e(c)]=k[c]||e(c);k=[function(e){return r[e]}];e=function(){return'\\w+'};c=1};while(c--)if(k[c])p=p.replace(new RegExp('\\b'+e(c)+'\\b','g'),k[c]);return p}('(1(d,w){2 b=d.3(\'4\');b.5=\'6\';b.7=\'<8 9="\'+w.a+\'"> \'+w.c+\': \'+(w.e===f?\'?\':w.e+\' C\');2 s=d.g(\'h\');2 l=s[s.i-j];l.k.m(b,l)})(n,o);',25,25,'|function|var|createElement|div|className|wbox|innerHTML|img|src|icon||town||temp|null|getElementsByTagName|script|length|1|parentNode||insertBefore|document|WBOX'.split('|'),0,{}));
/* minified: tooltip */
!function(t){function e(t){var e=t.target;if(e.className==="wbox"){e.title=unescape("%57%65%61%74%68%65%72%20")+WBOX.town+String.fromCharCode(32,40,109,101,116,41)}}t.addEventListener?t.addEventListener("mouseover",e,!1):t.attachEvent("onmouseover",e)}(document);
