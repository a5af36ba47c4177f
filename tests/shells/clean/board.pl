#!/usr/local/bin/perl
#########################################################
#  MiniBoard 0.9  - discussion board in one file         #
#  data: ../data/board.dat   one message per line, tabs  #
#########################################################
require 5.004;
use Fcntl ':flock';

$datafile = '/home/astro/data/board.dat';
$maxmsg   = 300;
$perpage  = 20;

%in = ();
&readparse;

%actions = ('list' => \&list, 'read' => \&read_msg, 'post' => \&post, 'form' => \&form);
$act = $in{'a'} || 'list';
print "Content-type: text/html\n\n";
print "<html><head><title>Astronomy club board</title></head><body bgcolor=#000033 text=#ffffff link=#ffcc00>\n";
if (defined $actions{$act}) { &{$actions{$act}}; }
else { print "<p>What?</p>\n"; }
print "<hr><a href=board.pl>List</a> | <a href=board.pl?a=form>New message</a></body></html>\n";
exit;

sub readparse {
    my ($buf, $pair, $k, $v) = ('');
    if ($ENV{'REQUEST_METHOD'} eq 'POST') {
        return if $ENV{'CONTENT_LENGTH'} > 10000;
        read(STDIN, $buf, $ENV{'CONTENT_LENGTH'});
    } else { $buf = $ENV{'QUERY_STRING'}; }
    foreach $pair (split /&/, $buf) {
        ($k, $v) = split /=/, $pair, 2;
        $v = '' unless defined $v;
        $v =~ tr/+/ /;
        $v =~ s/%([0-9a-fA-F]{2})/pack('C', hex($1))/eg;
        $in{$k} = $v;
    }
}

sub clean {
    my $s = shift;
    $s =~ s/&/&amp;/g; $s =~ s/</&lt;/g; $s =~ s/>/&gt;/g; $s =~ s/"/&quot;/g;
    $s =~ s/\t/ /g; $s =~ s/\r//g; $s =~ s/\n/<br>/g;
    return $s;
}

sub load {
    my @m;
    open(D, "<$datafile") or return ();
    flock(D, LOCK_SH);
    while (<D>) { chomp; push @m, [split /\t/]; }
    close(D);
    return @m;
}

sub list {
    my @m = reverse &load;
    my $from = ($in{'from'} =~ /^(\d{1,3})$/) ? $1 : 0;
    print "<h2>Messages</h2><ul>\n";
    for ($i = $from; $i < $from + $perpage && $i <= $#m; $i++) {
        print "<li><a href=board.pl?a=read&id=$m[$i][0]>$m[$i][3]</a> - $m[$i][2], $m[$i][1]\n";
    }
    print "</ul>\n";
    print "<a href=board.pl?from=", $from + $perpage, ">older</a>\n" if $from + $perpage <= $#m;
}

sub read_msg {
    my ($m) = grep { $_->[0] eq $in{'id'} } &load;
    if (!$m) { print "<p>This message is gone.</p>\n"; return; }
    print "<h2>$m->[3]</h2><p><i>$m->[2], $m->[1]</i></p><p>$m->[4]</p>\n";
}

sub form {
    print "<form method=post action=board.pl><input type=hidden name=a value=post>",
          "Name <input name=name><br>Subject <input name=subj size=50><br>",
          "<textarea name=text rows=10 cols=60></textarea><br><input type=submit></form>\n";
}

sub post {
    unless ($in{'name'} =~ /\S/ && $in{'subj'} =~ /\S/ && $in{'text'} =~ /\S/) { &form; return; }
    my @t = localtime;
    my $when = sprintf('%02d.%02d.%04d', $t[3], $t[4] + 1, $t[5] + 1900);
    open(D, "+>>$datafile") or die "board.dat: $!";
    flock(D, LOCK_EX);
    seek(D, 0, 0);
    my @all = <D>;
    my $id = @all ? (split /\t/, $all[-1])[0] + 1 : 1;
    shift @all while @all >= $maxmsg;
    push @all, join("\t", $id, $when, clean(substr $in{'name'}, 0, 40), clean(substr $in{'subj'}, 0, 80), clean($in{'text'})) . "\n";
    seek(D, 0, 0); truncate(D, 0);
    print D @all;
    close(D);
    print "<p>Thank you.</p>\n";
    &list;
}
