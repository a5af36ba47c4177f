<cfswitch expression="#url.p#"><cfcase value="a"><cfinclude template="a.cfm"></cfcase><cfdefaultcase><cfinclude template="home.cfm"></cfdefaultcase></cfswitch>
