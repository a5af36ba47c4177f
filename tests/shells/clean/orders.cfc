<cfcomponent output="false" hint="Remote interface for the warehouse hand scanners">

  <cfset variables.commands = "pick,pack,ship,hold">

  <cffunction name="handle" access="remote" returntype="struct" returnformat="json" output="false">
    <cfargument name="token" type="string" required="true">
    <cfargument name="command" type="string" required="true">
    <cfargument name="orderId" type="numeric" required="true">
    <cfset var r = StructNew()>
    <cfset var worker = 0>
    <cfset r["ok"] = false>

    <cfset worker = workerFor(arguments.token)>
    <cfif worker EQ 0>
      <cfset r["error"] = "sign in again">
      <cfreturn r>
    </cfif>
    <cfif NOT ListFind(variables.commands, arguments.command)>
      <cfset r["error"] = "unknown command">
      <cfreturn r>
    </cfif>

    <cftry>
      <!--- private methods cmd_pick, cmd_pack ... ; name is one of the list above --->
      <cfinvoke method="cmd_#arguments.command#" returnvariable="r.state">
        <cfinvokeargument name="orderId" value="#Int(arguments.orderId)#">
        <cfinvokeargument name="worker" value="#worker#">
      </cfinvoke>
      <cfset r["ok"] = true>
      <cfcatch type="Warehouse">
        <cfset r["error"] = cfcatch.message>
      </cfcatch>
    </cftry>
    <cfreturn r>
  </cffunction>

  <cffunction name="workerFor" access="private" returntype="numeric" output="false">
    <cfargument name="token" type="string" required="true">
    <cfset var q = "">
    <cfif NOT REFind("^[0-9A-F]{32}$", arguments.token)><cfreturn 0></cfif>
    <cfquery name="q" datasource="wms">
      SELECT worker_id FROM scanner_session
      WHERE token_hash = <cfqueryparam value="#Hash(arguments.token, 'SHA-256')#" cfsqltype="cf_sql_char">
        AND valid_until > <cfqueryparam value="#Now()#" cfsqltype="cf_sql_timestamp">
    </cfquery>
    <cfreturn Val(q.worker_id)>
  </cffunction>

  <cffunction name="cmd_pick" access="private" returntype="string" output="false">
    <cfargument name="orderId" type="numeric"><cfargument name="worker" type="numeric">
    <cfreturn advance(arguments.orderId, "OPEN", "PICKED", arguments.worker)>
  </cffunction>
  <cffunction name="cmd_pack" access="private" returntype="string" output="false">
    <cfargument name="orderId" type="numeric"><cfargument name="worker" type="numeric">
    <cfreturn advance(arguments.orderId, "PICKED", "PACKED", arguments.worker)>
  </cffunction>
  <cffunction name="cmd_ship" access="private" returntype="string" output="false">
    <cfargument name="orderId" type="numeric"><cfargument name="worker" type="numeric">
    <cfreturn advance(arguments.orderId, "PACKED", "SHIPPED", arguments.worker)>
  </cffunction>
  <cffunction name="cmd_hold" access="private" returntype="string" output="false">
    <cfargument name="orderId" type="numeric"><cfargument name="worker" type="numeric">
    <cfreturn advance(arguments.orderId, "OPEN", "HOLD", arguments.worker)>
  </cffunction>

  <cffunction name="advance" access="private" returntype="string" output="false">
    <cfargument name="orderId" type="numeric"><cfargument name="from" type="string">
    <cfargument name="to" type="string"><cfargument name="worker" type="numeric">
    <cfset var u = "">
    <cfquery datasource="wms" result="u">
      UPDATE orders SET state = <cfqueryparam value="#arguments.to#">, worker_id = <cfqueryparam value="#arguments.worker#" cfsqltype="cf_sql_integer">
      WHERE order_id = <cfqueryparam value="#arguments.orderId#" cfsqltype="cf_sql_integer"> AND state = <cfqueryparam value="#arguments.from#">
    </cfquery>
    <cfif u.recordCount EQ 0><cfthrow type="Warehouse" message="order is not #arguments.from#"></cfif>
    <cfreturn arguments.to>
  </cffunction>
</cfcomponent>
