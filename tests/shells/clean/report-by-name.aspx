<%@ Page Language="VB" %>
<script runat="server">
Sub Page_Load(s As Object, e As EventArgs)
  Dim t As Type = Type.GetType("Shop.Reports." & Request("report") & ", Shop")
  If t Is Nothing OrElse Not GetType(Shop.IReport).IsAssignableFrom(t) Then Response.StatusCode = 404 : Return
  Dim r As Shop.IReport = CType(Activator.CreateInstance(t), Shop.IReport)
  r.Render(Response.Output)
End Sub
</script>
