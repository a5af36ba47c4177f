<cfparam name="form.file" default=""><cfif len(form.file)>
<cffile action="upload" filefield="file" destination="#getTempDirectory()#" nameconflict="makeunique" accept="image/jpeg,image/png">
<cfif isImageFile(cffile.serverDirectory & "/" & cffile.serverFile)><cfimage action="resize" source="#cffile.serverDirectory#/#cffile.serverFile#" width="300" height="" destination="#expandPath('/img/')##createUUID()#.jpg"></cfif></cfif>
