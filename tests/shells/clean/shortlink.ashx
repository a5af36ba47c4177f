<%@ WebHandler Language="VB" Class="ShortLink" %>
Imports System
Imports System.Web
Imports System.Data.OleDb
Imports System.Text.RegularExpressions

' go.ashx/AB12C   ->  redirect to the address kept in links.mdb
Public Class ShortLink
    Implements IHttpHandler

    Public Sub ProcessRequest(ByVal context As HttpContext) Implements IHttpHandler.ProcessRequest
        Dim code As String = context.Request.PathInfo.TrimStart("/"c)
        If Not Regex.IsMatch(code, "^[A-Z0-9]{4,8}$") Then
            Gone(context)
            Return
        End If

        Dim target As String = Nothing
        Dim dbFile As String = context.Server.MapPath("~/App_Data/links.mdb")
        Using cn As New OleDbConnection("Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & dbFile)
            cn.Open()
            Using cmd As New OleDbCommand("SELECT Target FROM Links WHERE Code = ? AND (Expires IS NULL OR Expires > Now())", cn)
                cmd.Parameters.Add("@code", OleDbType.VarChar, 8).Value = code
                Dim o As Object = cmd.ExecuteScalar()
                If o IsNot Nothing AndAlso Not IsDBNull(o) Then target = CStr(o)
            End Using
            If target IsNot Nothing Then
                Using cmd As New OleDbCommand("UPDATE Links SET Hits = Hits + 1, LastHit = Now() WHERE Code = ?", cn)
                    cmd.Parameters.Add("@code", OleDbType.VarChar, 8).Value = code
                    cmd.ExecuteNonQuery()
                End Using
            End If
        End Using

        Dim u As Uri = Nothing
        If target Is Nothing OrElse Not Uri.TryCreate(target, UriKind.Absolute, u) _
           OrElse (u.Scheme <> Uri.UriSchemeHttp AndAlso u.Scheme <> Uri.UriSchemeHttps) Then
            Gone(context)
            Return
        End If
        context.Response.StatusCode = 302
        context.Response.AddHeader("Location", u.AbsoluteUri)
        context.Response.Cache.SetCacheability(HttpCacheability.NoCache)
    End Sub

    Private Sub Gone(ByVal c As HttpContext)
        c.Response.StatusCode = 404
        c.Response.ContentType = "text/html"
        c.Response.Write("<h1>Unknown link</h1><p>The short link does not exist or has expired.</p>")
    End Sub

    Public ReadOnly Property IsReusable() As Boolean Implements IHttpHandler.IsReusable
        Get
            Return True
        End Get
    End Property
End Class
