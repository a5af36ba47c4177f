<cfset allowed = "home,about,contact"><cfset page = listFindNoCase(allowed, url.p ?: "home") ? url.p : "home"><cfinclude template="pages/#page#.cfm">
<cfmail to="info@example.org" from="web@example.org" subject="hit">#page#</cfmail>
