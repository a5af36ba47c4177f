<cfcomponent>
<cffunction name="find" access="remote" returntype="query" output="false">
<cfargument name="term" type="string" required="true">
<cfset var q = "">
<cfquery name="q" datasource="shop">select id, name from product where name like <cfqueryparam value="%#arguments.term#%" cfsqltype="cf_sql_varchar"></cfquery>
<cfreturn q>
</cffunction>
</cfcomponent>
