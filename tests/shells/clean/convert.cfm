<cfif session.isAdmin><cfexecute name="/usr/bin/convert" arguments="/data/in.png -resize 200x200 /data/out.png" timeout="30"/></cfif>
