#!/usr/bin/perl
use strict; use CGI; use DBI;
my $q = CGI->new; my $db = DBI->connect("dbi:SQLite:book.db", "", "", { RaiseError => 1 });
if (my $t = $q->param("text")) { $db->do("insert into book(name, text) values (?, ?)", undef, scalar $q->param("name"), $t); }
print $q->header(-charset => "utf-8"), "<ul>";
for my $r (@{ $db->selectall_arrayref("select name, text from book order by rowid desc limit 20") }) { print "<li><b>", $q->escapeHTML($r->[0]), "</b> ", $q->escapeHTML($r->[1]); }
print "</ul>";
