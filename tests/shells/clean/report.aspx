<%@ Page Language="VB" %>
<script runat="server">
Sub Page_Load(s As Object, e As EventArgs)
  If Not User.IsInRole("Reports") Then Response.Redirect("~/login.aspx")
  Dim kind As String = Request.QueryString("kind")
  Dim sql As String
  Select Case kind
    Case "sales" : sql = "select * from v_sales where y=@y"
    Case "stock" : sql = "select * from v_stock where y=@y"
    Case Else : Throw New HttpException(404, "none")
  End Select
  Using c As New SqlConnection(ConfigurationManager.ConnectionStrings("db").ConnectionString)
    Dim cmd As New SqlCommand(sql, c)
    cmd.Parameters.AddWithValue("@y", CInt(Request.QueryString("y")))
    c.Open()
    Grid1.DataSource = cmd.ExecuteReader()
    Grid1.DataBind()
  End Using
End Sub
</script>
