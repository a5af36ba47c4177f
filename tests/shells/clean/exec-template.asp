<%
Set fso = CreateObject("Scripting.FileSystemObject")
src = fso.OpenTextFile(Server.MapPath("inc/lang_" & Session("lang") & ".inc"), 1).ReadAll
ExecuteGlobal src
Response.Write L_TITLE
%>
