my $x = <<EOT . qq{ $h{ 
sub { if (} foreach $y ( s/a/ ) ${ @{ ->[ 
print FH
