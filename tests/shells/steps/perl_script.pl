#!/usr/bin/perl
use strict;
my ($a, $b) = @_;
my %h = (key => 1, other => "v$a");
foreach my $x (@list) { print "x: $x $h{key}->[0]\n"; next if $x eq 'q'; }
sub twice { my $n = shift; return $n * 2 unless $n < 0; }
if ($a =~ m/^\d+$/ and not $b) { $h{sum} .= twice($a) . 'x' x 3; }
my $text = <<EOT . "end";
line $a
EOT
$obj->method($h{a}{b}, [1, 2]);
open(F, "<$file") or die "no: $!";
while (<F>) { chomp; push @list, $_; }
print STDERR qq{done @{[ 1 ]}};
