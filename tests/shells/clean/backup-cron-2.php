#!/usr/bin/env php
<?php
/**
 * Nightly backup: dumps the database, packs the uploads folder, keeps 14 days.
 *
 * crontab:  15 3 * * *  /usr/bin/php /srv/www/tools/backup.php --quiet
 */
if (PHP_SAPI !== 'cli') {
    header('HTTP/1.0 404 Not Found');
    exit(1);
}

$options = getopt('', array('quiet', 'keep:', 'only:', 'help'));
if (isset($options['help'])) {
    fwrite(STDOUT, "usage: backup.php [--quiet] [--keep=DAYS] [--only=db|files]\n");
    exit(0);
}
$quiet = isset($options['quiet']);
$keep  = isset($options['keep']) ? max(1, (int) $options['keep']) : 14;
$only  = isset($options['only']) && in_array($options['only'], array('db', 'files'), true) ? $options['only'] : null;

$conf = parse_ini_file('/etc/mysite/backup.ini', true);
if ($conf === false) {
    fwrite(STDERR, "cannot read /etc/mysite/backup.ini\n");
    exit(2);
}

function say($text)
{
    global $quiet;
    if (!$quiet) {
        echo date('H:i:s '), $text, "\n";
    }
}

function run($command)
{
    passthru($command . ' 2>&1', $status);
    if ($status !== 0) {
        fwrite(STDERR, "command failed with status $status\n");
        exit(3);
    }
}

$dir   = rtrim($conf['target']['dir'], '/');
$stamp = date('Ymd-His');
umask(0077);

if ($only !== 'files') {
    // credentials go through a private file, never the command line
    $cnf = tempnam(sys_get_temp_dir(), 'my');
    file_put_contents($cnf, sprintf(
        "[client]\nuser=%s\npassword=\"%s\"\nhost=%s\n",
        $conf['db']['user'], addcslashes($conf['db']['pass'], '"\\'), $conf['db']['host']
    ));
    say('dumping ' . $conf['db']['name']);
    run(sprintf(
        'mysqldump --defaults-extra-file=%s --single-transaction --routines %s | gzip -6 > %s',
        escapeshellarg($cnf), escapeshellarg($conf['db']['name']), escapeshellarg("$dir/db-$stamp.sql.gz")
    ));
    unlink($cnf);
}

if ($only !== 'db') {
    say('packing files');
    run(sprintf(
        'tar --exclude=%s -C %s -czf %s uploads',
        escapeshellarg('*.tmp'), escapeshellarg($conf['site']['root']), escapeshellarg("$dir/files-$stamp.tar.gz")
    ));
}

foreach (glob($dir . '/{db,files}-*.gz', GLOB_BRACE) as $old) {
    if (filemtime($old) < time() - $keep * 86400) {
        say('removing ' . basename($old));
        unlink($old);
    }
}

$free = disk_free_space($dir);
if ($free < 2 * 1024 * 1024 * 1024) {
    mail($conf['target']['mail'], '[backup] disk is getting full', 'Free: ' . round($free / 1048576) . " MB\n");
}
say('done');
