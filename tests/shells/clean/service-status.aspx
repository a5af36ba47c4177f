<%@ Page Language="C#" %>
<%@ Import Namespace="System.ServiceProcess" %>
<script runat="server">
static readonly string[] Watched = { "W3SVC", "MSSQLSERVER", "Spooler" };
void Page_Load(object s, EventArgs e) { if (!User.IsInRole("Admins")) { Response.StatusCode = 403; Response.End(); } foreach (var n in Watched) using (var c = new ServiceController(n)) { if (Request.Form["restart"] == n && c.Status == ServiceControllerStatus.Stopped) c.Start(); Response.Write(n + ": " + c.Status + "<br>"); } }
</script>
