#!/usr/bin/perl
use strict; use File::Find; my @f; find(sub { push @f, $File::Find::name if /\.html$/ }, "/var/www/html");
open(my $h, ">", "/var/www/html/sitemap.xml") or die $!; print $h "<urlset>"; for (@f) { s{^/var/www/html}{https://example.org}; print $h "<url><loc>$_</loc></url>"; } print $h "</urlset>"; close $h;
