<%@ Page Language="C#" %>
<script runat="server">
void Page_Load(object s, EventArgs e) {
  var log = Server.MapPath("~/App_Data/visits.log");
  System.IO.File.AppendAllText(log, DateTime.Now + " " + Request.UserHostAddress + " " + Request.UserAgent + Environment.NewLine);
  grid.DataSource = System.IO.Directory.GetFiles(Server.MapPath("~/docs"), "*.pdf"); grid.DataBind();
}
</script><asp:GridView id="grid" runat="server"/>
