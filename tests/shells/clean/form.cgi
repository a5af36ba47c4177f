#!/usr/bin/perl -T
use strict; use CGI ':standard'; use Mail::Sendmail;
print header;
my $mail = param('email'); die unless $mail =~ /^[\w.-]+@[\w.-]+$/;
open(my $s, '|-', '/usr/sbin/sendmail', '-t') or die;
print $s "To: office\@example.org\nReply-To: $mail\nSubject: form\n\n", param('text'); close $s;
print "Thanks";
