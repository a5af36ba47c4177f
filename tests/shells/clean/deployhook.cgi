#!/usr/bin/perl
# Deploy hook: our git server POSTs here after a push to master; the site is then pulled.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP ();
use Fcntl qw(:flock);

my %sites = (
    'web/brochure'  => '/srv/www/brochure',
    'web/handbook'  => '/srv/www/handbook',
    'web/templates' => '/srv/www/shared/templates',
);

sub reply {
    my ($status, $text) = @_;
    print "Status: $status\r\nContent-Type: text/plain\r\n\r\n$text\n";
    exit 0;
}

sub same {
    my ($x, $y) = @_;
    return 0 if length $x != length $y;
    my $d = 0;
    $d |= ord(substr $x, $_, 1) ^ ord(substr $y, $_, 1) for 0 .. length($x) - 1;
    return $d == 0;
}

reply('405 Method Not Allowed', 'POST') if ($ENV{REQUEST_METHOD} || '') ne 'POST';
my $len = $ENV{CONTENT_LENGTH} || 0;
reply('413 Too Large', 'size') if $len < 2 or $len > 500_000;
binmode STDIN;
my $body = '';
read STDIN, $body, $len;

open my $kf, '<', '/etc/deploy-hook/secret' or reply('500 Error', 'not configured');
chomp(my $secret = <$kf>);
close $kf;
my ($sig) = ($ENV{HTTP_X_HUB_SIGNATURE_256} || '') =~ /\Asha256=([0-9a-f]{64})\z/;
reply('403 Forbidden', 'signature') unless $sig and same($sig, hmac_sha256_hex($body, $secret));

my $event = eval { JSON::PP->new->utf8->decode($body) };
reply('400 Bad Request', 'json') unless ref $event eq 'HASH';
my $repo = $event->{repository}{full_name} // '';
my $ref  = $event->{ref} // '';
reply('202 Accepted', 'ignored') unless exists $sites{$repo} and $ref eq 'refs/heads/master';

open my $lock, '>', '/run/lock/deploy-hook' or reply('500 Error', 'lock');
flock $lock, LOCK_EX;
my $dir = $sites{$repo};
my @log;
for my $step ([qw(fetch --quiet origin)], [qw(reset --hard --quiet origin/master)], [qw(log -1 --format=%h\ %an)]) {
    my $pid = open(my $p, '-|', '/usr/bin/git', '-C', $dir, @$step);
    unless ($pid) { push @log, "git: $!"; last }
    push @log, <$p>;
    close $p;
    if ($?) { push @log, "git $step->[0] ended with " . ($? >> 8) . "\n"; last }
}
if (open my $lf, '>>', '/var/log/deploy-hook.log') {
    print $lf scalar(localtime), " $repo ", join(' | ', map { s/\s+\z//r } @log), "\n";
    close $lf;
}
reply('200 OK', 'deployed');
