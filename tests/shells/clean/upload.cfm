<cfsetting enablecfoutputonly="no" showdebugoutput="no" requesttimeout="60">
<cfif NOT StructKeyExists(session, "memberId")>
  <cflocation url="login.cfm?next=upload.cfm" addtoken="no">
</cfif>
<cfparam name="form.docType" default="">
<cfset msg = "">
<cfset storeDir = "D:\memberdocs\#NumberFormat(session.memberId, '000000')#">

<cfif StructKeyExists(form, "doc") AND Len(form.doc)>
  <cftry>
    <cffile action="upload" filefield="doc" destination="#GetTempDirectory()#" nameconflict="makeunique"
            accept="application/pdf,image/jpeg,image/png" result="up">
    <cfset tmp = up.serverDirectory & "\" & up.serverFile>

    <cfif NOT ListFindNoCase("pdf,jpg,jpeg,png", up.serverFileExt)>
      <cfset msg = "File type not allowed.">
    <cfelseif up.fileSize GT 4194304>
      <cfset msg = "The file is larger than 4 MB.">
    <cfelseif up.serverFileExt EQ "pdf" AND NOT IsPDFFile(tmp)>
      <cfset msg = "This is no PDF document.">
    <cfelseif up.serverFileExt NEQ "pdf" AND NOT IsImageFile(tmp)>
      <cfset msg = "This is no picture.">
    <cfelse>
      <cfif NOT DirectoryExists(storeDir)>
        <cfdirectory action="create" directory="#storeDir#">
      </cfif>
      <cfset newName = CreateUUID() & "." & LCase(up.serverFileExt)>
      <cffile action="move" source="#tmp#" destination="#storeDir#\#newName#">
      <cfquery datasource="#application.dsn#">
        INSERT INTO member_docs (member_id, stored_name, client_name, doc_type, created)
        VALUES (
          <cfqueryparam value="#session.memberId#" cfsqltype="cf_sql_integer">,
          <cfqueryparam value="#newName#" cfsqltype="cf_sql_varchar" maxlength="50">,
          <cfqueryparam value="#Left(up.clientFile, 120)#" cfsqltype="cf_sql_varchar">,
          <cfqueryparam value="#Val(form.docType)#" cfsqltype="cf_sql_integer">,
          #CreateODBCDateTime(Now())#)
      </cfquery>
      <cfset msg = "Thank you, the document has been received.">
    </cfif>
    <cfif FileExists(tmp)>
      <cffile action="delete" file="#tmp#">
    </cfif>
    <cfcatch type="any">
      <cflog file="memberdocs" text="#session.memberId#: #cfcatch.message#">
      <cfset msg = "The upload failed.">
    </cfcatch>
  </cftry>
</cfif>

<cfinclude template="inc/head.cfm">
<cfoutput>
<h2>Send a document</h2>
<cfif Len(msg)><p class="note">#HTMLEditFormat(msg)#</p></cfif>
<form action="#CGI.SCRIPT_NAME#" method="post" enctype="multipart/form-data">
  Kind: <select name="docType"><option value="1">Certificate</option><option value="2">Application</option></select>
  <input type="file" name="doc">
  <input type="submit" value="Send">
</form>
</cfoutput>
<cfinclude template="inc/foot.cfm">
