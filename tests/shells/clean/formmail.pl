#!/usr/bin/perl -wT
# formmail.pl - contact form of the parish, 2001; tidied up 2006 (header injection)
use strict;
use CGI qw(:standard escapeHTML);
$CGI::POST_MAX = 20_000;
$CGI::DISABLE_UPLOADS = 1;
$ENV{PATH} = '/usr/bin:/bin';
delete @ENV{qw(IFS CDPATH ENV BASH_ENV)};

my $sendmail = '/usr/lib/sendmail -t -oi';

my %to = (
    office => 'office@parish.example',
    choir  => 'choir@parish.example',
    youth  => 'youth@parish.example',
);

my @errors;
my $who  = param('recipient') || 'office';
my $from = param('email')     || '';
my $name = param('realname')  || '';
my $text = param('message')   || '';

push @errors, 'Unknown recipient.' unless exists $to{$who};
push @errors, 'Please give a valid e-mail address.'
    unless $from =~ /\A([\w.+-]{1,64}\@[\w-]+(?:\.[\w-]+)+)\z/ and ($from = $1);
$name =~ s/[\r\n<>"]//g;
$name = substr $name, 0, 60;
push @errors, 'Your message is empty.' if $text !~ /\S/;
push @errors, 'Your message is too long.' if length $text > 8000;
push @errors, 'Only POST.' if request_method() ne 'POST';

if (my $e = cgi_error()) {
    print header(-status => $e), start_html('Error'), p($e), end_html;
    exit 0;
}

print header(-charset => 'iso-8859-1'), start_html('Contact');
if (@errors) {
    print h1('Please correct'), ul(map { li($_) } @errors), p(a({-href => '/contact.html'}, 'Back'));
    print end_html;
    exit 0;
}

open my $mail, '|-', $sendmail or die "sendmail: $!";
print $mail "To: $to{$who}\n";
print $mail "From: webform\@parish.example\n";
print $mail "Reply-To: $from\n";
print $mail "Subject: [website] message of $name\n";
print $mail "X-Sender-IP: ", remote_addr(), "\n";
print $mail "Content-Type: text/plain; charset=iso-8859-1\n\n";
print $mail $text, "\n";
close $mail or warn "sendmail: status $?";

print h1('Thank you'), p('Your message has been sent to ' . escapeHTML($who) . '.');
print end_html;
