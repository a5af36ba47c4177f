<%@ WebHandler Language="VB" Class="ConvertClip" %>
Option Strict On
Imports System.Diagnostics
Imports System.IO
Imports System.Web
Imports System.Web.SessionState

''' POST of a clip by a teacher; converted to 480p with ffmpeg into the media share
Public Class ConvertClip : Implements IHttpHandler, IRequiresSessionState

    Private Const Ffmpeg As String = "C:\Tools\ffmpeg\bin\ffmpeg.exe"
    Private Const Inbox As String = "D:\Media\inbox\"
    Private Const Outbox As String = "D:\Media\clips\"
    Private Const Limit As Integer = 80 * 1024 * 1024

    Public Sub ProcessRequest(ByVal ctx As HttpContext) Implements IHttpHandler.ProcessRequest
        ctx.Response.ContentType = "text/plain"
        If Not ctx.User.IsInRole("Teacher") Then
            ctx.Response.StatusCode = 403 : Return
        End If
        If ctx.Request.Files.Count <> 1 Then
            ctx.Response.StatusCode = 400 : ctx.Response.Write("one file please") : Return
        End If

        Dim f As HttpPostedFile = ctx.Request.Files(0)
        If f.ContentLength = 0 OrElse f.ContentLength > Limit Then
            ctx.Response.StatusCode = 413 : Return
        End If

        Dim demuxer As String = Sniff(f.InputStream)
        If demuxer Is Nothing Then
            ctx.Response.StatusCode = 415 : ctx.Response.Write("mp4, mov or avi only") : Return
        End If

        Dim id As String = Guid.NewGuid().ToString("N")
        Dim src As String = Inbox & id & ".tmp"
        f.SaveAs(src)
        Try
            Dim psi As New ProcessStartInfo(Ffmpeg)
            psi.Arguments = "-nostdin -hide_banner -loglevel error -protocol_whitelist file -f " & demuxer & _
                " -t 600 -i " & src & " -vf scale=-2:480 -c:v libx264 -preset veryfast -c:a aac " & Outbox & id & ".mp4"
            psi.UseShellExecute = False
            psi.CreateNoWindow = True
            Using p As Process = Process.Start(psi)
                If Not p.WaitForExit(300000) Then
                    p.Kill()
                    ctx.Response.StatusCode = 503
                ElseIf p.ExitCode <> 0 Then
                    ctx.Response.StatusCode = 422
                    ctx.Response.Write("the clip could not be read")
                Else
                    ctx.Response.Write(id)
                End If
            End Using
        Finally
            File.Delete(src)
        End Try
    End Sub

    Private Shared Function Sniff(ByVal s As Stream) As String
        Dim b(11) As Byte
        If s.Read(b, 0, 12) < 12 Then Return Nothing
        s.Position = 0
        If b(4) = &H66 AndAlso b(5) = &H74 AndAlso b(6) = &H79 AndAlso b(7) = &H70 Then Return "mov"
        If b(0) = &H52 AndAlso b(1) = &H49 AndAlso b(2) = &H46 AndAlso b(3) = &H46 AndAlso b(8) = &H41 Then Return "avi"
        Return Nothing
    End Function

    Public ReadOnly Property IsReusable As Boolean Implements IHttpHandler.IsReusable
        Get
            Return False
        End Get
    End Property
End Class
