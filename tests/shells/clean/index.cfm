<!--- fusebox-like front page of the "Wetlands" project site, (c) 2003 --->
<cfparam name="url.fuse" default="home.main" type="string">
<cfapplication name="wetlands" sessionmanagement="yes" sessiontimeout="#CreateTimeSpan(0,0,30,0)#">

<!--- circuits and fuses; anything else is 404 --->
<cfset circuits = StructNew()>
<cfset circuits.home   = "main,contact,partners,sitemap">
<cfset circuits.birds  = "list,detail,calendar">
<cfset circuits.water  = "stations,levels">

<cfset c = ListFirst(url.fuse, ".")>
<cfset f = ListRest(url.fuse, ".")>
<cfset ok = REFind("^[a-z]+\.[a-z]+$", url.fuse) EQ 1 AND StructKeyExists(circuits, c) AND ListFind(circuits[c], f)>

<cfif NOT ok>
  <cfheader statuscode="404" statustext="Not found">
  <cfset c = "home">
  <cfset f = "sitemap">
</cfif>

<cfsavecontent variable="body">
  <cfswitch expression="#c#">
    <cfcase value="home"><cfinclude template="fuses/home/#f#.cfm"></cfcase>
    <cfcase value="birds">
      <cfparam name="url.id" default="0">
      <cfif f EQ "detail" AND NOT IsNumeric(url.id)><cfset url.id = 0></cfif>
      <cfinclude template="fuses/birds/#f#.cfm">
    </cfcase>
    <cfcase value="water">
      <cfmodule template="tags/stationbox.cfm" region="#IIf(StructKeyExists(session, 'region'), DE('own'), DE('all'))#">
      <cfinclude template="fuses/water/#f#.cfm">
    </cfcase>
  </cfswitch>
</cfsavecontent>

<cfoutput>
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<html>
<head><title>Wetlands - #c#</title></head>
<body bgcolor="##FFFFFF">
<table width="760"><tr>
<td valign="top" width="150">
  <cfloop collection="#circuits#" item="k">
    <b>#UCase(k)#</b><br>
    <cfloop list="#circuits[k]#" index="x">&nbsp;<a href="index.cfm?fuse=#LCase(k)#.#x#">#x#</a><br></cfloop>
  </cfloop>
</td>
<td valign="top">#body#</td>
</tr></table>
</body>
</html>
</cfoutput>
