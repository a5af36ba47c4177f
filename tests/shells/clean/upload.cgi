#!/usr/bin/perl
use CGI; my $q = CGI->new; print $q->header;
my $fn = $q->param('file'); $fn =~ s/[^A-Za-z0-9.]//g; die unless $fn =~ /\.(jpg|png)$/i;
my $fh = $q->upload('file'); open my $o, '>', "/var/data/uploads/$fn"; binmode $o; print {$o} $_ while <$fh>; close $o;
