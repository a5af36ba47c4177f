<%@ Page Language="C#" %>
<%
if (!User.IsInRole("Administrators")) { Response.StatusCode = 403; Response.End(); }
var p = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Server.MapPath("~/tools/backup.exe"), "/full") { UseShellExecute = false });
p.WaitForExit();
Response.Write(p.ExitCode);
%>
