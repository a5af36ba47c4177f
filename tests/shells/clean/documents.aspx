<%@ Page Language="C#" %>
<script runat="server">
void Page_Load(object s, EventArgs e) {
  var root = new System.IO.DirectoryInfo(Server.MapPath("~/docs"));
  foreach (var f in root.GetFiles("*.*", System.IO.SearchOption.AllDirectories)) Response.Write("<a href='?f=" + Server.UrlEncode(f.Name) + "'>" + f.Name + "</a> " + f.Length + "<br>");
  var name = Request["f"]; if (name == null) return;
  var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(root.FullName, name)); if (!full.StartsWith(root.FullName)) throw new HttpException(404, "x");
  Response.Clear(); Response.AddHeader("Content-Disposition", "attachment; filename=" + name); Response.TransmitFile(full); Response.End();
}
</script>
