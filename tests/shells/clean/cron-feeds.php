#!/usr/bin/php -q
<?php
# cron: */30 * * * * /usr/bin/php -q /home/club/cron/feeds.php >/dev/null
if (php_sapi_name() != 'cli') {
    header('HTTP/1.0 403 Forbidden');
    die('command line only');
}

chdir(dirname(__FILE__));
include '../htdocs/inc/db.inc.php';

$lockfile = '/tmp/feeds.lock';
if (file_exists($lockfile)) {
    $pid = trim(file_get_contents($lockfile));
    if (file_exists("/proc/$pid")) {
        exit(0);
    }
}
file_put_contents($lockfile, getmypid());
register_shutdown_function(function () use ($lockfile) { @unlink($lockfile); });

$ctx = stream_context_create(array('http' => array(
    'timeout'    => 15,
    'user_agent' => 'ClubFeeds/1.1 (+https://club.example.org/)',
)));

$res = mysqli_query($db, "SELECT id, url, title FROM feeds WHERE active = 1 ORDER BY last_fetch LIMIT 20");
$ins = mysqli_prepare($db, "INSERT IGNORE INTO feed_items (feed_id, guid, title, link, body, published) VALUES (?,?,?,?,?,?)");

while ($feed = mysqli_fetch_assoc($res)) {
    $xml = @file_get_contents($feed['url'], false, $ctx);
    mysqli_query($db, "UPDATE feeds SET last_fetch = NOW() WHERE id = " . (int)$feed['id']);
    if (!$xml) {
        echo "no answer: {$feed['url']}\n";
        continue;
    }
    libxml_use_internal_errors(true);
    $doc = simplexml_load_string($xml, 'SimpleXMLElement', LIBXML_NOCDATA | LIBXML_NONET);
    if (!$doc) {
        echo "bad xml: {$feed['url']}\n";
        continue;
    }
    $items = isset($doc->channel->item) ? $doc->channel->item : $doc->entry;
    $n = 0;
    foreach ($items as $item) {
        $link = (string)$item->link ?: (string)$item->link['href'];
        $guid = (string)($item->guid ?: ($item->id ?: $link));
        $title = strip_tags((string)$item->title);
        $body = strip_tags((string)($item->description ?: $item->summary), '<p><a><br><em><strong>');
        $date = date('Y-m-d H:i:s', strtotime((string)($item->pubDate ?: $item->updated)) ?: time());
        mysqli_stmt_bind_param($ins, 'isssss', $feed['id'], $guid, $title, $link, $body, $date);
        mysqli_stmt_execute($ins);
        $n += mysqli_stmt_affected_rows($ins);
    }
    echo str_pad($feed['title'], 40), $n, " new\n";
}

// throw away anything older than a quarter
mysqli_query($db, "DELETE FROM feed_items WHERE published < NOW() - INTERVAL 90 DAY");

// rebuild the static box on the start page
ob_start();
include '../htdocs/inc/box_feeds.php';
file_put_contents('../htdocs/cache/box_feeds.html', ob_get_clean());
