<cfset sys = createObject("java", "java.lang.System")><cfoutput>#sys.getProperty("java.version")#</cfoutput>
