<cfparam name="url.id" default="0"><cfquery name="q" datasource="shop">select name, price from items where id = <cfqueryparam value="#url.id#" cfsqltype="cf_sql_integer"></cfquery>
<cfoutput query="q"><h1>#htmlEditFormat(name)#</h1>#dollarFormat(price)#</cfoutput>
<cffile action="append" file="#expandPath('./views.log')#" output="#now()# #val(url.id)#">
