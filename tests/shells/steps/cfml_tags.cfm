<cfparam name="page" default="1">
<cfset total = url.count + 1>
<cfif total GT 3 and not isDefined("x")><cfoutput>#total# items, ##1</cfoutput>
<cfelseif total EQ 2>two<cfelse>none</cfif>
<cfloop index="i" from="1" to="3"><cfset list = listAppend(list, "n#i#")></cfloop>
<cffile action="read" file="#expandPath('.')#/a.txt" variable="content">
<cfquery name="q" datasource="d">select * from t where id = #val(url.id)#</cfquery>
<cffunction name="twice" access="public"><cfargument name="n"><cfreturn arguments.n * 2></cffunction>
<!--- <cfset hidden = 1> --->
<cfscript> a = { k : "v#total#" }; for (i = 1; i lte 2; i++) { writeOutput(a.k); } </cfscript>
