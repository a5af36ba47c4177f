<%@ Page Language="C#" %>
<script runat="server">
protected void Page_Load(object sender, EventArgs e) { if (!IsPostBack) Bind(); }
void Bind() { var d = new System.Data.DataTable(); using (var a = new System.Data.SqlClient.SqlDataAdapter("select * from news order by id desc", Conn)) a.Fill(d); list.DataSource = d; list.DataBind(); }
static string Conn { get { return ConfigurationManager.ConnectionStrings["db"].ConnectionString; } }
protected void Add(object sender, EventArgs e) { using (var c = new System.Data.SqlClient.SqlConnection(Conn)) { c.Open(); var q = c.CreateCommand(); q.CommandText = "insert into news(title, body) values (@t, @b)"; q.Parameters.AddWithValue("@t", title.Text); q.Parameters.AddWithValue("@b", body.Text); q.ExecuteNonQuery(); } Bind(); }
</script><form runat="server"><asp:TextBox id="title" runat="server"/><asp:TextBox id="body" TextMode="MultiLine" runat="server"/><asp:Button OnClick="Add" runat="server"/><asp:Repeater id="list" runat="server"/></form>
