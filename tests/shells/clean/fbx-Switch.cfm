<!---
<fusedoc fuse="fbx_Switch.cfm">
	<responsibilities>
		I am the switch for the catalogue circuit. I reroute the
		fuseaction to the fuses that belong to it.
	</responsibilities>
	<properties>
		<history author="L. Brandt" date="2003-05-19" type="Create"/>
	</properties>
	<io>
		<in>
			<string name="fuseaction" scope="fusebox"/>
			<number name="categoryID" scope="attributes" optional="Yes" default="0"/>
		</in>
	</io>
</fusedoc>
--->
<cfparam name="attributes.categoryID" default="0">
<cfparam name="attributes.startRow" default="1">

<cfswitch expression="#fusebox.fuseaction#">

	<cfcase value="main,fusebox.defaultFuseaction">
		<cfset XFA.category = "catalogue.category">
		<cfset XFA.search = "catalogue.search">
		<cfinclude template="qry_getCategories.cfm">
		<cfinclude template="dsp_main.cfm">
	</cfcase>

	<cfcase value="category">
		<cfset XFA.product = "catalogue.product">
		<cfset XFA.page = "catalogue.category">
		<cfquery name="getProducts" datasource="#request.dsn#" cachedwithin="#CreateTimeSpan(0,0,15,0)#">
			SELECT	p.productID, p.title, p.price, p.thumb
			FROM	product p
			WHERE	p.categoryID = <cfqueryparam cfsqltype="cf_sql_integer" value="#val(attributes.categoryID)#">
			AND		p.online = 1
			ORDER BY p.title
		</cfquery>
		<cfinclude template="dsp_category.cfm">
	</cfcase>

	<cfcase value="search">
		<cfparam name="attributes.criteria" default="">
		<cfset XFA.product = "catalogue.product">
		<cfif len(trim(attributes.criteria)) LT 3>
			<cfset request.message = "Please enter at least three letters.">
			<cfinclude template="dsp_main.cfm">
		<cfelse>
			<cfsearch name="getProducts" collection="catalogue" criteria="#lcase(REReplace(attributes.criteria, '[^[:alnum:] ]', ' ', 'ALL'))#" maxrows="50">
			<cfinclude template="dsp_searchResults.cfm">
		</cfif>
	</cfcase>

	<cfcase value="edit,save">
		<cfif NOT isDefined("session.user.roles") OR NOT listFindNoCase(session.user.roles, "cataloguer")>
			<cflocation url="#self#?fuseaction=home.login" addtoken="No">
		</cfif>
		<cfif fusebox.fuseaction EQ "save">
			<cfinclude template="act_saveProduct.cfm">
			<cflocation url="#self#?fuseaction=catalogue.category&categoryID=#val(attributes.categoryID)#" addtoken="No">
		</cfif>
		<cfset XFA.submit = "catalogue.save">
		<cfinclude template="qry_getProduct.cfm">
		<cfinclude template="frm_product.cfm">
	</cfcase>

	<cfdefaultcase>
		<cfoutput>This is the cfdefaultcase tag. I received a fuseaction called "#HTMLEditFormat(fusebox.fuseaction)#" and I don't know what to do with it.</cfoutput>
	</cfdefaultcase>

</cfswitch>
