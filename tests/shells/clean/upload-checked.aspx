<%@ Page Language="C#" %>
<script runat="server">
protected void Up_Click(object sender, EventArgs e) {
  if (!File1.HasFile) return;
  string ext = System.IO.Path.GetExtension(File1.FileName).ToLowerInvariant();
  if (ext != ".jpg" && ext != ".png" && ext != ".gif") { Msg.Text = "Pictures only."; return; }
  File1.SaveAs(Server.MapPath("~/App_Data/") + Guid.NewGuid().ToString("N") + ext);
}
</script>
<form runat="server"><asp:FileUpload id="File1" runat="server"/><asp:Button OnClick="Up_Click" runat="server"/><asp:Label id="Msg" runat="server"/></form>
