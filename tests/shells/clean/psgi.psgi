use Plack::Request;
my $app = sub {
  my $r = Plack::Request->new(shift);
  my $name = $r->parameters->{name} // 'world';
  return [200, ['Content-Type' => 'text/plain'], ["Hello $name"]];
};
