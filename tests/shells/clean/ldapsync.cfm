<cfsetting requesttimeout="600">
<!--- Scheduled task "ldapsync" (CF Administrator). Takes staff data out of the directory into table staff.
      The scheduler sends the key, which is kept in the server's own config file. --->
<cfif CGI.REMOTE_ADDR NEQ "127.0.0.1" OR NOT StructKeyExists(url, "key") OR Compare(url.key, application.taskKey) NEQ 0>
  <cfheader statuscode="403" statustext="Forbidden"><cfabort>
</cfif>

<cflock name="ldapsync" timeout="1" throwontimeout="yes" type="exclusive">

<cfset depts = ArrayNew(1)>
<cfset ArrayAppend(depts, "ou=Nursing,o=clinic")>
<cfset ArrayAppend(depts, "ou=Medical,o=clinic")>
<cfset ArrayAppend(depts, "ou=Admin,o=clinic")>
<cfset nNew = 0><cfset nUpd = 0>

<cfloop from="1" to="#ArrayLen(depts)#" index="i">
  <cfldap action="query" name="people" server="ldap.clinic.example" port="636" secure="CFSSL_BASIC"
          username="cn=webreader,o=clinic" password="#application.ldapPassword#"
          start="#depts[i]#" scope="subtree" filter="(&(objectClass=person)(employeeNumber=*))"
          attributes="employeeNumber,sn,givenName,mail,telephoneNumber" maxrows="5000" timeout="60000">

  <cfoutput query="people">
    <cfif IsNumeric(people.employeeNumber)>
      <cfquery name="have" datasource="intranet">
        SELECT staff_id FROM staff WHERE emp_no = <cfqueryparam value="#people.employeeNumber#" cfsqltype="cf_sql_integer">
      </cfquery>
      <cfif have.recordCount>
        <cfquery datasource="intranet">
          UPDATE staff SET
            surname = <cfqueryparam value="#Left(people.sn, 60)#" cfsqltype="cf_sql_varchar">,
            first_name = <cfqueryparam value="#Left(people.givenName, 60)#" cfsqltype="cf_sql_varchar">,
            mail = <cfqueryparam value="#Left(people.mail, 120)#" cfsqltype="cf_sql_varchar">,
            phone = <cfqueryparam value="#Left(people.telephoneNumber, 30)#" cfsqltype="cf_sql_varchar">
          WHERE staff_id = <cfqueryparam value="#have.staff_id#" cfsqltype="cf_sql_integer">
        </cfquery>
        <cfset nUpd = nUpd + 1>
      <cfelse>
        <cfquery datasource="intranet">
          INSERT INTO staff (emp_no, surname, first_name, mail)
          VALUES (<cfqueryparam value="#people.employeeNumber#" cfsqltype="cf_sql_integer">,
                  <cfqueryparam value="#Left(people.sn, 60)#" cfsqltype="cf_sql_varchar">,
                  <cfqueryparam value="#Left(people.givenName, 60)#" cfsqltype="cf_sql_varchar">,
                  <cfqueryparam value="#Left(people.mail, 120)#" cfsqltype="cf_sql_varchar">)
        </cfquery>
        <cfset nNew = nNew + 1>
      </cfif>
    </cfif>
  </cfoutput>
</cfloop>

</cflock>
<cflog file="ldapsync" text="new #nNew#, updated #nUpd#">
<cfmail to="it@clinic.example" from="intranet@clinic.example" subject="ldapsync: #nNew# new, #nUpd# updated">The directory was read at #DateFormat(Now(), "yyyy-mm-dd")# #TimeFormat(Now(), "HH:mm")#.</cfmail>
<cfoutput>ok</cfoutput>
