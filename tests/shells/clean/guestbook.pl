#!/usr/local/bin/perl
##############################################################################
# Guestbook                     Version 1.7                                  #
# For the Fly Fishing Society   Last modified 11/02/98                       #
##############################################################################

$guestbookurl  = "http://www.flyfish.example/guestbook.html";
$guestbookreal = "/home/flyfish/public_html/guestbook.html";
$guestlog      = "/home/flyfish/guestlog.txt";
$mailprog      = '/usr/lib/sendmail -t';
$recipient     = 'webmaster@flyfish.example';
$mail          = 1;

# Get the Date for Entry
@months = ('January','February','March','April','May','June','July',
	   'August','September','October','November','December');
($sec,$min,$hour,$mday,$mon,$year) = localtime(time);
$year += 1900;
$date = sprintf("%s %d, %d at %02d:%02d", $months[$mon], $mday, $year, $hour, $min);

# Get the input
$len = $ENV{'CONTENT_LENGTH'};
$len = 8192 if $len > 8192;
read(STDIN, $buffer, $len);
foreach $pair (split(/&/, $buffer)) {
   ($name, $value) = split(/=/, $pair);
   $value =~ tr/+/ /;
   $value =~ s/%([a-fA-F0-9][a-fA-F0-9])/pack("C", hex($1))/eg;
   $value =~ s/&/&amp;/g;
   $value =~ s/</&lt;/g;
   $value =~ s/>/&gt;/g;
   $value =~ s/"/&quot;/g;
   $FORM{$name} = $value;
}

&oops("your comments") unless $FORM{'comments'};
&oops("your name") unless $FORM{'realname'};
$FORM{'realname'} =~ s/[\r\n]//g;
$FORM{'username'} = "" unless $FORM{'username'} =~ /^[\w.\-]+\@[\w.\-]+$/;
$FORM{'comments'} =~ s/\r?\n/<br>\n/g;

open(FILE, "$guestbookreal") || die "Can't Open $guestbookreal: $!\n";
flock(FILE, 1);
@LINES = <FILE>;
close(FILE);

open(GUEST, "+<$guestbookreal") || die "Can't Open $guestbookreal: $!\n";
flock(GUEST, 2);
truncate(GUEST, 0);
foreach $line (@LINES) {
   print GUEST $line;
   if ($line =~ /<!--begin-->/) {
      print GUEST "<b>$FORM{'realname'}</b>";
      print GUEST " &lt;<a href=\"mailto:$FORM{'username'}\">$FORM{'username'}</a>&gt;" if $FORM{'username'};
      print GUEST "<br>\n$FORM{'comments'}<br>\n<i>$date</i><hr>\n\n";
   }
}
close(GUEST);

open(LOG, ">>$guestlog");
print LOG "$ENV{'REMOTE_HOST'} - [$date]\n";
close(LOG);

if ($mail) {
   open(MAIL, "|$mailprog") || die "Can't open $mailprog!\n";
   print MAIL "To: $recipient\n";
   print MAIL "From: guestbook\@flyfish.example\n";
   print MAIL "Subject: Entry to Guestbook\n\n";
   print MAIL "$FORM{'realname'} <$FORM{'username'}> wrote on $date:\n\n";
   print MAIL "$FORM{'comments'}\n";
   close(MAIL);
}

print "Location: $guestbookurl\n\n";
exit;

sub oops {
   print "Content-type: text/html\n\n";
   print "<html><head><title>Incomplete</title></head>\n";
   print "<body><h1>You forgot $_[0]</h1>\n";
   print "Please go <a href=\"$guestbookurl\">back</a> and try again.\n</body></html>\n";
   exit;
}
