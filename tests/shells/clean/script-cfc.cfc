component {
  remote string function greet(required string name) returnformat="plain" { return "Hello " & encodeForHTML(arguments.name); }
  remote any function total(required numeric id) { return queryExecute("select sum(x) s from o where id = :id", {id: arguments.id}).s; }
}
