#!/usr/bin/perl
use CGI ':standard'; print header;
if (param('name')) { my $n = escapeHTML(param('name')); my $t = escapeHTML(param('text')); open G, '>>', 'guest.txt'; print G "$n|$t\n"; close G; }
open G, '<', 'guest.txt'; while (<G>) { my ($n, $t) = split /\|/; print "<p><b>$n</b> $t</p>"; }
