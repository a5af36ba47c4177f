<cfsetting requesttimeout="900" enablecfoutputonly="true">
<!--- GIS intranet: rebuild the tiles of one layer. Linked from /gis/admin/index.cfm --->
<cfif NOT IsUserInRole("gisadmin")>
	<cfheader statuscode="403" statustext="Forbidden">
	<cfoutput>Sorry, map administrators only.</cfoutput>
	<cfabort>
</cfif>

<cfset layers = StructNew()>
<cfset layers["parcels"]   = "-l parcels -z 10-18">
<cfset layers["hydrants"]  = "-l hydrants -z 12-18">
<cfset layers["busroutes"] = "-l busroutes -z 9-16">

<cfparam name="form.layer" default="">
<cfparam name="output" default="">

<cfif CGI.REQUEST_METHOD EQ "POST">
	<cfif NOT StructKeyExists(layers, form.layer)>
		<cfset output = "Unknown layer.">
	<cfelse>
		<cflock name="tilebuild" timeout="5" throwontimeout="no" type="exclusive">
			<cflog file="gis" text="tile rebuild #form.layer# by #GetAuthUser()#">
			<cfexecute name="C:\gis\bin\tilebuild.exe"
				arguments="-c C:\gis\conf\city.map #layers[form.layer]#"
				variable="output"
				timeout="840"></cfexecute>
			<cfset application.tileVersion[form.layer] = DateFormat(Now(), "yyyymmdd") & TimeFormat(Now(), "HHmm")>
		</cflock>
		<cfif output EQ "">
			<cfset output = "Another rebuild is running or there was no output.">
		</cfif>
	</cfif>
</cfif>

<cfdirectory action="list" directory="C:\gis\tiles" name="qTiles" sort="name">

<cfoutput>
<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html>
<head><title>Rebuild map tiles</title></head>
<body>
<form action="#CGI.SCRIPT_NAME#" method="post">
<select name="layer">
	<cfloop collection="#layers#" item="l"><option value="#l#"<cfif l EQ form.layer> selected</cfif>>#LCase(l)#</option></cfloop>
</select>
<input type="submit" value="Rebuild">
</form>
<cfif output NEQ ""><pre>#HTMLEditFormat(output)#</pre></cfif>
<table border="1">
<cfloop query="qTiles"><cfif type EQ "Dir">
	<tr><td>#name#</td><td>#DateFormat(dateLastModified)# #TimeFormat(dateLastModified)#</td></tr>
</cfif></cfloop>
</table>
</body>
</html>
</cfoutput>
