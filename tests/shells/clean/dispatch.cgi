#!/usr/bin/perl
use CGI ':standard';
my %page = (home => \&home, list => \&list);
sub home { return '<h1>Home</h1>' } sub list { return '<ul>' . join('', map { '<li>' . escapeHTML($_) } param('i')) . '</ul>' }
print header, ($page{param('p')} || \&home)->();
