#!/usr/bin/perl
# save_exports.cgi
# Save, create or delete a share and re-read the configuration

use strict;
use warnings;
require './backupd-lib.pl';
our (%in, %text, %config, %access);

&ReadParse();
&error_setup($text{'save_err'});
$access{'edit'} || &error($text{'save_ecannot'});

my @shares = &list_shares();
my ($share, $old);
if ($in{'new'}) {
	$share = { };
	}
else {
	($share) = grep { $_->{'name'} eq $in{'old'} } @shares;
	$share || &error($text{'save_egone'});
	$old = { %$share };
	}

&lock_file($config{'backupd_conf'});
if ($in{'delete'}) {
	# Just remove it
	&delete_share($share);
	}
else {
	# Validate and store inputs
	$in{'name'} =~ /^[a-z0-9][a-z0-9_\-]{0,30}$/i ||
		&error($text{'save_ename'});
	if ($in{'new'} || $in{'name'} ne $old->{'name'}) {
		my ($clash) = grep { $_->{'name'} eq $in{'name'} } @shares;
		$clash && &error($text{'save_eclash'});
		}
	$share->{'name'} = $in{'name'};

	$in{'path'} =~ /^\// && -d $in{'path'} || &error($text{'save_epath'});
	&is_under_directory($access{'root'} || "/export", $in{'path'}) ||
		&error(&text('save_eroot', "<tt>$access{'root'}</tt>"));
	$share->{'path'} = $in{'path'};

	$share->{'readonly'} = $in{'readonly'} ? "yes" : "no";
	if ($in{'hosts_def'}) {
		delete($share->{'hosts'});
		}
	else {
		my @hosts = split(/\s+/, $in{'hosts'});
		foreach my $h (@hosts) {
			&to_ipaddress($h) || &check_ipaddress($h) ||
				&error(&text('save_ehost', &html_escape($h)));
			}
		$share->{'hosts'} = join(" ", @hosts);
		}

	if ($in{'new'}) {
		&create_share($share);
		}
	else {
		&modify_share($old, $share);
		}
	}
&flush_file_lines($config{'backupd_conf'});
&unlock_file($config{'backupd_conf'});

# Apply to the running daemon, if there is one
my $pid = &check_pid_file($config{'pid_file'});
if ($pid && $access{'apply'}) {
	my $out = &backquote_logged("$config{'backupd_cmd'} reload 2>&1 </dev/null");
	if ($?) {
		&error(&text('save_ereload', "<pre>".&html_escape($out)."</pre>"));
		}
	}

&webmin_log($in{'delete'} ? "delete" : $in{'new'} ? "create" : "modify",
	    "share", $share->{'name'}, $share);
&redirect("");
