#!/usr/bin/perl
use CGI; my $q = CGI->new; print $q->header;
my $conf = do './config.pl' or die "no config: $@";
print $conf->{title};
