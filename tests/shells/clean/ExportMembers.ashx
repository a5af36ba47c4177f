<%@ WebHandler Language="VB" Class="ExportMembers" %>
Imports System.Web
Imports System.Data
Imports System.Data.SqlClient
Imports System.Globalization

' Member list as CSV for the mailing house
Public Class ExportMembers : Implements IHttpHandler, System.Web.SessionState.IReadOnlySessionState

    Public Sub ProcessRequest(ByVal ctx As HttpContext) Implements IHttpHandler.ProcessRequest
        Dim u As PortalUser = TryCast(ctx.Session("User"), PortalUser)
        If u Is Nothing OrElse Not u.Can("members.export") Then
            ctx.Response.Redirect("~/Login.aspx?back=" & HttpUtility.UrlEncode(ctx.Request.RawUrl))
            Return
        End If

        Dim branch As Integer
        Integer.TryParse(ctx.Request.QueryString("branch"), branch)

        ctx.Response.ContentType = "text/csv"
        ctx.Response.ContentEncoding = System.Text.Encoding.GetEncoding(1252)
        ctx.Response.AddHeader("Content-Disposition", "attachment; filename=members-" & Date.Today.ToString("yyyyMMdd", CultureInfo.InvariantCulture) & ".csv")

        Using cn As New SqlConnection(ConfigurationManager.ConnectionStrings("Club").ConnectionString)
            Using cmd As New SqlCommand("dbo.MembersForMailing", cn)
                cmd.CommandType = CommandType.StoredProcedure
                cmd.Parameters.Add("@BranchId", SqlDbType.Int).Value = If(branch > 0, CObj(branch), DBNull.Value)
                cn.Open()
                Using rd As SqlDataReader = cmd.ExecuteReader()
                    WriteHeader(ctx.Response, rd)
                    While rd.Read()
                        For i As Integer = 0 To rd.FieldCount - 1
                            If i > 0 Then ctx.Response.Write(";")
                            ctx.Response.Write(Quote(Convert.ToString(rd(i), CultureInfo.CurrentCulture)))
                        Next
                        ctx.Response.Write(vbCrLf)
                    End While
                End Using
            End Using
        End Using
        ' u.Log flushes in Session_End
        u.Log("members.export", branch)
    End Sub

    Private Sub WriteHeader(ByVal r As HttpResponse, ByVal rd As SqlDataReader)
        For i As Integer = 0 To rd.FieldCount - 1
            r.Write(If(i > 0, ";", "") & Quote(rd.GetName(i)))
        Next
        r.Write(vbCrLf)
    End Sub

    Private Shared Function Quote(ByVal s As String) As String
        ' a leading = + - @ would be a formula in Excel
        If s.Length > 0 AndAlso "=+-@".IndexOf(s(0)) >= 0 Then s = "'" & s
        Return """" & s.Replace("""", """""") & """"
    End Function

    Public ReadOnly Property IsReusable() As Boolean Implements IHttpHandler.IsReusable
        Get
            Return False
        End Get
    End Property
End Class
