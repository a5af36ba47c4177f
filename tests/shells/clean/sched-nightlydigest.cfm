<!--- sched_nightlydigest.cfm
      Called by the ColdFusion scheduler at 01:30. Sends each department head
      the list of tickets that were opened yesterday. --->
<cfif NOT ListFind("127.0.0.1,0:0:0:0:0:0:0:1", CGI.REMOTE_ADDR)>
	<cfabort>
</cfif>

<cfset yesterday = DateAdd("d", -1, CreateDate(Year(Now()), Month(Now()), Day(Now())))>

<cfquery name="qHeads" datasource="helpdesk">
	SELECT d.deptID, d.deptName, p.email, p.firstName, p.prefLocale
	FROM departments d, people p
	WHERE d.headID = p.personID
	AND p.email IS NOT NULL
</cfquery>

<cfset sent = 0>
<cfloop query="qHeads">
	<cfquery name="qTickets" datasource="helpdesk">
		SELECT ticketID, subject, priority, openedBy, opened
		FROM tickets
		WHERE deptID = <cfqueryparam value="#qHeads.deptID#" cfsqltype="CF_SQL_INTEGER">
		AND opened >= <cfqueryparam value="#yesterday#" cfsqltype="CF_SQL_TIMESTAMP">
		AND opened < <cfqueryparam value="#DateAdd('d', 1, yesterday)#" cfsqltype="CF_SQL_TIMESTAMP">
		ORDER BY priority DESC, opened
	</cfquery>
	<cfif qTickets.RecordCount>
		<cftry>
			<cfset SetLocale(qHeads.prefLocale)>
			<cfcatch><cfset SetLocale("English (US)")></cfcatch>
		</cftry>
		<cftry>
			<cfmail to="#qHeads.email#" from="helpdesk@campus.example" subject="#qTickets.RecordCount# new ticket(s) for #qHeads.deptName#" query="qTickets" type="text">
Dear #qHeads.firstName#,

these tickets were opened on #LSDateFormat(yesterday)#:

<cfoutput>[#NumberFormat(ticketID, "000000")#] #LJustify(Left(subject, 50), 50)#  prio #priority#
    #openedBy#, #LSTimeFormat(opened)#
    http://helpdesk.campus.example/ticket.cfm?id=#ticketID#

</cfoutput>
Your help desk
			</cfmail>
			<cfset sent = sent + 1>
			<cfcatch type="any">
				<cflog file="digest" type="error" text="#qHeads.deptName#: #cfcatch.message#">
			</cfcatch>
		</cftry>
	</cfif>
</cfloop>

<cffile action="append" file="#ExpandPath('../logs/digest.txt')#" output="#DateFormat(Now(), 'yyyy-mm-dd')# sent #sent# of #qHeads.RecordCount#" addnewline="yes">
<cfoutput>ok #sent#</cfoutput>
