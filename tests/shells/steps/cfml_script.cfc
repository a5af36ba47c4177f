component extends="base" {
  public string function hello(required string name, any other = "x") {
    var greeting = 'Hi ' & arguments.name;
    if (len(name) gt 3) { return greeting; } else { return "Bye #name#"; }
  }
}
