<cfcomponent displayname="InvoiceGateway" output="false" hint="Queries and PDF output for invoices">

	<cffunction name="init" access="public" returntype="InvoiceGateway" output="false">
		<cfargument name="dsn" type="string" required="true">
		<cfargument name="pdfDirectory" type="string" required="true">
		<cfset variables.instance = structNew()>
		<cfset variables.instance.dsn = arguments.dsn>
		<cfset variables.instance.pdfDirectory = arguments.pdfDirectory>
		<cfreturn this>
	</cffunction>

	<cffunction name="getOpenInvoices" access="public" returntype="query" output="false">
		<cfargument name="customerId" type="numeric" required="false">
		<cfargument name="olderThanDays" type="numeric" required="false" default="0">
		<cfset var qInvoices = "">
		<cfquery name="qInvoices" datasource="#variables.instance.dsn#">
			SELECT	i.invoiceId, i.invoiceNo, i.issued, i.amount, c.name
			FROM	invoice i
					INNER JOIN customer c ON c.customerId = i.customerId
			WHERE	i.paid IS NULL
			<cfif structKeyExists(arguments, "customerId")>
			AND		i.customerId = <cfqueryparam value="#arguments.customerId#" cfsqltype="cf_sql_integer">
			</cfif>
			<cfif arguments.olderThanDays gt 0>
			AND		i.issued < <cfqueryparam value="#dateAdd('d', -arguments.olderThanDays, now())#" cfsqltype="cf_sql_timestamp">
			</cfif>
			ORDER BY i.issued
		</cfquery>
		<cfreturn qInvoices>
	</cffunction>

	<cffunction name="renderPdf" access="public" returntype="string" output="false" hint="returns the path of the file">
		<cfargument name="invoiceId" type="numeric" required="true">
		<cfset var path = variables.instance.pdfDirectory & "/inv" & int(arguments.invoiceId) & ".pdf">
		<cfset var qLines = "">
		<cfif fileExists(path)>
			<cfreturn path>
		</cfif>
		<cfquery name="qLines" datasource="#variables.instance.dsn#">
			SELECT position, text, quantity, price FROM invoiceLine
			WHERE invoiceId = <cfqueryparam value="#arguments.invoiceId#" cfsqltype="cf_sql_integer">
			ORDER BY position
		</cfquery>
		<cflock name="invoicePdf#int(arguments.invoiceId)#" type="exclusive" timeout="20">
			<cfdocument format="pdf" filename="#path#" overwrite="true" pagetype="a4" marginleft="1">
				<cfoutput>
				<table width="100%">
					<cfloop query="qLines">
					<tr><td>#qLines.position#</td><td>#xmlFormat(qLines.text)#</td><td align="right">#lsCurrencyFormat(qLines.quantity * qLines.price)#</td></tr>
					</cfloop>
				</table>
				</cfoutput>
			</cfdocument>
		</cflock>
		<cfreturn path>
	</cffunction>

	<cffunction name="markPaid" access="remote" returntype="boolean" roles="accounting" output="false">
		<cfargument name="invoiceId" type="numeric" required="true">
		<cfargument name="paidOn" type="date" required="true">
		<cfquery datasource="#application.dsn#">
			UPDATE invoice
			SET paid = <cfqueryparam value="#arguments.paidOn#" cfsqltype="cf_sql_date">,
				paidBy = <cfqueryparam value="#getAuthUser()#" cfsqltype="cf_sql_varchar" maxlength="50">
			WHERE invoiceId = <cfqueryparam value="#arguments.invoiceId#" cfsqltype="cf_sql_integer">
		</cfquery>
		<cfreturn true>
	</cffunction>

</cfcomponent>
