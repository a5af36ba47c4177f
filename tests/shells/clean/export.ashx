<%@ WebHandler Language="VB" Class="Export" %>
Imports System.Web, System.Data, System.Data.SqlClient
Public Class Export : Implements IHttpHandler
  Public Sub ProcessRequest(c As HttpContext) Implements IHttpHandler.ProcessRequest
    Dim y As Integer : If Not Integer.TryParse(c.Request("year"), y) Then y = Date.Now.Year
    Using con As New SqlConnection(ConfigurationManager.ConnectionStrings("db").ConnectionString)
      Dim t As New DataTable() : Dim a As New SqlDataAdapter("select * from orders where year(d)=@y", con) : a.SelectCommand.Parameters.AddWithValue("@y", y) : a.Fill(t)
      c.Response.ContentType = "text/csv"
      For Each r As DataRow In t.Rows : c.Response.Write(String.Join(";", r.ItemArray) & vbCrLf) : Next
    End Using
  End Sub
  Public ReadOnly Property IsReusable As Boolean Implements IHttpHandler.IsReusable
    Get
      Return False
    End Get
  End Property
End Class
