<%@ Page Language="C#" %>
<script runat="server">
void Save_Click(object s, EventArgs e) {
  if (!up.HasFile) return; var ext = System.IO.Path.GetExtension(up.FileName).ToLower();
  switch (ext) { case ".jpg": case ".png": break; default: msg.Text = "Only pictures"; return; }
  up.SaveAs(Server.MapPath("~/img/") + Guid.NewGuid() + ext); msg.Text = "Saved";
}
</script><form runat="server"><asp:FileUpload id="up" runat="server"/><asp:Button OnClick="Save_Click" runat="server"/><asp:Label id="msg" runat="server"/></form>
