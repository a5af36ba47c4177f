<cfscript>
// Room hire: price formulas from table hire_rules, e.g.  base + hours * 12.5  -- office may test new ones
function isPlainFormula(f) {
    // names of the three inputs or numbers, separated by operators; no brackets with names before them
    var clean = REReplace(arguments.f, "\b(base|hours|people)\b", "1", "all");
    if (Len(clean) EQ 0 OR Len(clean) GT 100) return false;
    return REFind("^[0-9. +*/()-]+$", clean) EQ 1 AND Find("1(", Replace(clean, " ", "", "all")) EQ 0;
}

function calculate(f, base, hours, people) {
    var e = arguments.f;
    e = REReplace(e, "\bbase\b", Val(arguments.base), "all");
    e = REReplace(e, "\bhours\b", Val(arguments.hours), "all");
    e = REReplace(e, "\bpeople\b", Val(arguments.people), "all");
    return Evaluate(e);
}
</cfscript>

<cfif NOT StructKeyExists(session, "office") OR session.office NEQ true>
  <cflocation url="/hire/" addtoken="false">
</cfif>
<cfparam name="form.formula" default="">
<cfparam name="form.hours" default="2">
<cfparam name="form.people" default="30">

<cfquery name="rules" datasource="hall">
  SELECT r.rule_id, r.title, r.formula, r.base_price FROM hire_rules r WHERE r.active = 1 ORDER BY r.title
</cfquery>

<cfoutput>
<h1>Hall hire rates</h1>
<table border="1" cellpadding="3">
<tr><th>Rule</th><th>Formula</th><th>#Val(form.hours)# h / #Val(form.people)# people</th></tr>
</cfoutput>
<cfoutput query="rules">
<tr>
  <td>#HTMLEditFormat(title)#</td>
  <td><tt>#HTMLEditFormat(formula)#</tt></td>
  <td align="right"><cfif isPlainFormula(formula)>#DollarFormat(calculate(formula, base_price, form.hours, form.people))#<cfelse>rule is not valid</cfif></td>
</tr>
</cfoutput>
</table>

<h2>Try a formula</h2>
<cfoutput>
<form method="post">
  <input name="formula" size="50" maxlength="100" value="#HTMLEditFormat(form.formula)#">
  hours <input name="hours" size="3" value="#Val(form.hours)#"> people <input name="people" size="4" value="#Val(form.people)#">
  <input type="submit" value="Try">
</form>
<cfif Len(form.formula)>
  <cfif NOT isPlainFormula(form.formula)>
    <p>Only base, hours, people, numbers and + - * / ( ) may be used.</p>
  <cfelse>
    <cftry>
      <p>Result with base 50: <b>#DollarFormat(calculate(form.formula, 50, form.hours, form.people))#</b></p>
      <cfcatch type="any"><p>The formula cannot be calculated.</p></cfcatch>
    </cftry>
  </cfif>
</cfif>
</cfoutput>
