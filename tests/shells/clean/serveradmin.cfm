<!---
   serveradmin.cfm   service status and fixed maintenance programs. Role "sysop" by cflogin.
--->
<cflogin idletimeout="900">
  <cfif NOT IsDefined("cflogin")>
    <cfinclude template="loginform.cfm"><cfabort>
  <cfelse>
    <cfset auth = CreateObject("component", "lib.auth").check(cflogin.name, cflogin.password)>
    <cfif auth.ok>
      <cfloginuser name="#cflogin.name#" password="#cflogin.password#" roles="#auth.roles#">
    <cfelse>
      <cfset request.loginMsg = "Wrong name or password">
      <cfinclude template="loginform.cfm"><cfabort>
    </cfif>
  </cfif>
</cflogin>
<cfif NOT IsUserInRole("sysop")>
  <cfheader statuscode="403" statustext="Forbidden">
  <p>You are not a system operator.</p><cfabort>
</cfif>

<cfset result = "">
<cfif CGI.REQUEST_METHOD EQ "POST" AND IsDefined("form.job") AND IsDefined("form.nonce")
      AND StructKeyExists(session, "nonce") AND form.nonce EQ session.nonce>
  <cfswitch expression="#form.job#">
    <cfcase value="queue">
      <cfexecute name="C:\WINDOWS\system32\sc.exe" arguments="query Spooler" timeout="15" variable="result" />
    </cfcase>
    <cfcase value="verity">
      <cfindex collection="handbook" action="refresh" type="path" key="E:\handbook\html" extensions=".htm,.pdf" recurse="yes">
      <cfset result = "Index refreshed.">
    </cfcase>
    <cfcase value="netstat">
      <cfexecute name="C:\WINDOWS\system32\netstat.exe" arguments="-an -p tcp" timeout="20" variable="result" />
    </cfcase>
    <cfcase value="iisreset">
      <cfexecute name="C:\WINDOWS\system32\iisreset.exe" arguments="/noforce /timeout:60" timeout="0" />
      <cfset result = "IIS is being restarted.">
    </cfcase>
    <cfdefaultcase><cfset result = "?"></cfdefaultcase>
  </cfswitch>
  <cflog file="sysop" text="#GetAuthUser()# #Left(REReplace(form.job, '[^a-z]', '', 'all'), 20)#">
</cfif>
<cfset session.nonce = CreateUUID()>

<html><head><title>Server</title></head><body>
<cfoutput>
<h2>#CGI.SERVER_NAME#: maintenance</h2>
<form method="post" action="serveradmin.cfm">
  <input type="hidden" name="nonce" value="#session.nonce#">
  <label><input type="radio" name="job" value="queue" checked> Print spooler</label><br>
  <label><input type="radio" name="job" value="netstat"> TCP connections</label><br>
  <label><input type="radio" name="job" value="verity"> Refresh handbook index</label><br>
  <label><input type="radio" name="job" value="iisreset"> Restart IIS</label><br>
  <input type="submit" value="Do it">
</form>
<cfif Len(result)><pre>#HTMLEditFormat(result)#</pre></cfif>
</cfoutput>
</body></html>
