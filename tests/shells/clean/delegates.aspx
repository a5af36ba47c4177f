<%@ Page Language="C#" %>
<script runat="server">
delegate string Render(string a);
string List(string a) { return "<ul><li>" + HttpUtility.HtmlEncode(a) + "</li></ul>"; }
string Item(string a) { return "<p>" + HttpUtility.HtmlEncode(a) + "</p>"; }
void Page_Load(object o, EventArgs e) {
  var map = new System.Collections.Generic.Dictionary<string, Render> { { "list", List }, { "item", Item } };
  Render r; if (map.TryGetValue(Request["v"] ?? "list", out r)) Response.Write(r(Request["q"]));
}
</script>
