<cfcontent type="application/rss+xml; charset=utf-8" reset="yes"><cfsilent>
<!--- job vacancies as RSS, cached as a static file for 20 minutes. Only the category id comes from outside --->
<cfset cat = 0>
<cfif StructKeyExists(url, "cat") AND IsValid("integer", url.cat) AND url.cat GE 1 AND url.cat LE 40>
  <cfset cat = Int(url.cat)>
</cfif>
<cfset cacheFile = ExpandPath("./cache/jobs_" & cat & ".xml")>
<cfset fresh = false>
<cfif FileExists(cacheFile)>
  <cfdirectory action="list" directory="#GetDirectoryFromPath(cacheFile)#" filter="jobs_#cat#.xml" name="d">
  <cfif d.recordCount AND DateDiff("n", d.dateLastModified, Now()) LT 20><cfset fresh = true></cfif>
</cfif>

<cfif fresh>
  <cffile action="read" file="#cacheFile#" variable="feed" charset="utf-8">
<cfelse>
  <cfquery name="jobs" datasource="hr" maxrows="50">
    SELECT job_id, title, summary, published FROM vacancies
    WHERE published <= <cfqueryparam value="#Now()#" cfsqltype="cf_sql_timestamp">
      AND closes > <cfqueryparam value="#Now()#" cfsqltype="cf_sql_timestamp">
    <cfif cat GT 0>AND category_id = <cfqueryparam value="#cat#" cfsqltype="cf_sql_integer"></cfif>
    ORDER BY published DESC
  </cfquery>
  <cfxml variable="doc">
    <rss version="2.0">
      <channel>
        <title>Vacancies - City of Lindenau</title>
        <link>http://www.lindenau.example/jobs</link>
        <description>Open positions</description>
        <cfoutput query="jobs">
        <item>
          <title>#XMLFormat(title)#</title>
          <link>http://www.lindenau.example/jobs/detail.cfm?id=#job_id#</link>
          <guid isPermaLink="false">job-#job_id#</guid>
          <description>#XMLFormat(Left(summary, 400))#</description>
          <pubDate>#GetHttpTimeString(published)#</pubDate>
        </item>
        </cfoutput>
      </channel>
    </rss>
  </cfxml>
  <cfset feed = ToString(doc)>
  <cflock name="jobsfeed#cat#" type="exclusive" timeout="5">
    <cffile action="write" file="#cacheFile#" output="#feed#" charset="utf-8" addnewline="no">
  </cflock>
</cfif>
</cfsilent><cfoutput>#feed#</cfoutput>
