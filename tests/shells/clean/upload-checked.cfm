<cfif isDefined("form.pic")>
<cffile action="upload" filefield="pic" destination="#getTempDirectory()#" accept="image/jpeg,image/png" nameconflict="makeunique">
<cfif listFindNoCase("jpg,png", cffile.serverFileExt)><cffile action="rename" source="#cffile.serverDirectory#/#cffile.serverFile#" destination="#expandPath('/images')#/#createUUID()#.#cffile.serverFileExt#"></cfif>
</cfif>
