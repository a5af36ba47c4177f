#!/usr/bin/perl
use Fcntl ':flock';
print "Content-type: text/html\n\n";
open(F, '+<', 'count.dat') or die; flock(F, LOCK_EX);
my $n = <F>; $n++; seek F, 0, 0; print F $n; close F; print $n;
