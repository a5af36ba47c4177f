<cfparam name="url.id" default="0">
<cfquery name="q" datasource="#application.dsn#">select title, body from news where id = <cfqueryparam value="#url.id#" cfsqltype="cf_sql_integer"></cfquery>
<cfoutput query="q"><h1>#encodeForHTML(title)#</h1>#body#</cfoutput>
