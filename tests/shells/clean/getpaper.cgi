#!/usr/bin/perl -T
use strict;
use warnings;
use CGI::Cookie;
use DBI;
use File::Spec::Functions qw(catfile);

# /cgi-bin/getpaper.cgi/<conference>/<number>  - reviewers fetch an anonymised paper
# login cookie "rev" is made by login.cgi and looked up in the sessions table

my $STORE = '/data/confpapers';
my %MAGIC = ('%PDF' => 'application/pdf', "\x1f\x8b\x08" => 'application/gzip');

my $dbh = DBI->connect('dbi:SQLite:dbname=/data/conf.db', '', '', { RaiseError => 1, ReadOnly => 1 });

main();

sub bail {
    my ($code, $msg) = @_;
    print "Status: $code\nContent-Type: text/html\n\n<html><body><h1>$msg</h1></body></html>\n";
    exit;
}

sub reviewer {
    my %c = CGI::Cookie->fetch;
    my $v = $c{rev} ? $c{rev}->value : '';
    return undef unless $v =~ /\A([0-9a-f]{40})\z/;
    my ($id) = $dbh->selectrow_array('SELECT reviewer FROM sessions WHERE sid = ? AND expires > ?', undef, $1, time);
    return $id;
}

sub main {
    my $who = reviewer() or bail('403 Forbidden', 'Please sign in first');
    my $info = $ENV{PATH_INFO} || '';
    $info =~ m{\A/([a-z]{2,8}[0-9]{2})/([0-9]{1,4})\z} or bail('404 Not Found', 'No such paper');
    my ($conf, $no) = ($1, $2);

    my ($assigned) = $dbh->selectrow_array(
        'SELECT COUNT(*) FROM assignments WHERE conf = ? AND paper = ? AND reviewer = ?', undef, $conf, $no, $who);
    bail('403 Forbidden', 'This paper is not assigned to you') unless $assigned;

    my $file = catfile($STORE, $conf, sprintf('%04d.bin', $no));
    open my $fh, '<:raw', $file or bail('404 Not Found', 'Not uploaded yet');
    my $head = '';
    read $fh, $head, 4;
    seek $fh, 0, 0;
    my ($type) = map { $MAGIC{$_} } grep { index($head, $_) == 0 } keys %MAGIC;
    $type ||= 'application/octet-stream';
    my $ext = $type =~ /pdf/ ? 'pdf' : 'gz';

    print "Content-Type: $type\n";
    print 'Content-Length: ', -s $fh, "\n";
    print "X-Content-Type-Options: nosniff\n";
    print "Content-Disposition: attachment; filename=\"$conf-paper$no.$ext\"\n\n";
    binmode STDOUT;
    my $buf;
    print $buf while read $fh, $buf, 32768;
    close $fh;
    $dbh->disconnect;
}
