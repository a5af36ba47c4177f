<cfif isDefined("form.send")>
<cfmail to="office@example.org" from="web@example.org" subject="Contact">#form.text#</cfmail>
<cflocation url="thanks.cfm">
</cfif>
<form method="post"><textarea name="text"></textarea><input type="submit" name="send"></form>
