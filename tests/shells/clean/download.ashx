<%@ WebHandler Language="VB" Class="Dl" %>
Imports System.Web
Public Class Dl : Implements IHttpHandler
  Public Sub ProcessRequest(ByVal c As HttpContext) Implements IHttpHandler.ProcessRequest
    Dim id As Integer
    If Not Integer.TryParse(c.Request.QueryString("id"), id) Then
      c.Response.StatusCode = 400
      Return
    End If
    c.Response.ContentType = "application/pdf"
    c.Response.TransmitFile(c.Server.MapPath("~/App_Data/doc" & id & ".pdf"))
  End Sub
  Public ReadOnly Property IsReusable() As Boolean Implements IHttpHandler.IsReusable
    Get
      Return True
    End Get
  End Property
End Class
