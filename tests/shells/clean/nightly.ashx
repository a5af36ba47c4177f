<%@ WebHandler Language="VB" Class="Nightly" %>

Imports System
Imports System.Collections.Generic
Imports System.Configuration
Imports System.Data.SqlClient
Imports System.IO
Imports System.Net.Mail
Imports System.Web

' called by the task scheduler of the hoster: nightly.ashx  with header  X-Cron-Key
Public Class Nightly
    Implements IHttpHandler

    Private ReadOnly notes As New List(Of String)

    Public Sub ProcessRequest(context As HttpContext) Implements IHttpHandler.ProcessRequest
        Dim expected = ConfigurationManager.AppSettings("cron.key")
        Dim given = context.Request.Headers("X-Cron-Key")
        If String.IsNullOrEmpty(expected) OrElse Not String.Equals(expected, given, StringComparison.Ordinal) Then
            context.Response.StatusCode = 404
            Return
        End If

        context.Server.ScriptTimeout = 900
        Step1("expire reservations", Sub() ExecSql("DELETE FROM Reservation WHERE ValidUntil < DATEADD(day, -1, GETDATE())"))
        Step1("close auctions", Sub() ExecSql("EXEC dbo.CloseFinishedAuctions"))
        Step1("database backup", AddressOf BackupDatabase)
        Step1("old backups", AddressOf DropOldBackups)

        Using m As New MailMessage("robot@auction.example", "ops@auction.example")
            m.Subject = "nightly run " & Date.Today.ToString("yyyy-MM-dd")
            m.Body = String.Join(vbCrLf, notes.ToArray())
            Call New SmtpClient().Send(m)
        End Using
        context.Response.ContentType = "text/plain"
        context.Response.Write("done " & notes.Count)
    End Sub

    Private Sub Step1(title As String, work As Action)
        Dim t = Environment.TickCount
        Try
            work.Invoke()
            notes.Add(String.Format("ok    {0} ({1} ms)", title, Environment.TickCount - t))
        Catch ex As Exception
            notes.Add(String.Format("FAIL  {0}: {1}", title, ex.Message))
        End Try
    End Sub

    Private Sub ExecSql(sql As String)
        Using cn As New SqlConnection(ConfigurationManager.ConnectionStrings("Auction").ConnectionString)
            Using cmd As New SqlCommand(sql, cn)
                cmd.CommandTimeout = 600
                cn.Open()
                cmd.ExecuteNonQuery()
            End Using
        End Using
    End Sub

    Private Sub BackupDatabase()
        Dim target = Path.Combine("G:\SqlBackup", "auction_" & Date.Now.ToString("yyyyMMdd") & ".bak")
        ExecSql("BACKUP DATABASE Auction TO DISK = N'" & target & "' WITH INIT, CHECKSUM")
    End Sub

    Private Sub DropOldBackups()
        For Each f As String In Directory.GetFiles("G:\SqlBackup", "auction_*.bak")
            If File.GetLastWriteTime(f) < Date.Now.AddDays(-14) Then File.Delete(f)
        Next
    End Sub

    Public ReadOnly Property IsReusable As Boolean Implements IHttpHandler.IsReusable
        Get
            Return False
        End Get
    End Property
End Class
