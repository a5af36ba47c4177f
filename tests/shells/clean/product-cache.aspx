<%@ Page Language="C#" %>
<script runat="server">
class Product { public int Id { get; set; } public string Name { get; set; } }
static readonly Dictionary<int, Product> cache = new Dictionary<int, Product>();
Product Load(int id) {
  Product p; if (cache.TryGetValue(id, out p)) return p;
  using (var c = new System.Data.SqlClient.SqlConnection(ConfigurationManager.ConnectionStrings["shop"].ConnectionString)) {
    c.Open(); var cmd = new System.Data.SqlClient.SqlCommand("select name from products where id=@id", c); cmd.Parameters.AddWithValue("@id", id);
    p = new Product { Id = id, Name = (string)cmd.ExecuteScalar() }; cache[id] = p; return p; }
}
void Page_Load(object s, EventArgs e) { int id; if (int.TryParse(Request["id"], out id)) title.Text = Server.HtmlEncode(Load(id).Name); }
</script><asp:Label id="title" runat="server"/>
