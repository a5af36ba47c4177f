<%@ Page Language="VB" %>
<script runat="server">
Protected Sub Page_Load(ByVal sender As Object, ByVal e As EventArgs) Handles Me.Load
    Dim items As New List(Of String)()
    Dim total As Integer = 0, bytes() As Byte = New Byte() {1, 2}
    Try
        For Each item As String In items
            total += item.Length
        Next
        Dim pair = New Pair With {.First = 1, .Second = "x"}
        If total > 1 AndAlso Not IsPostBack Then Response.Write(If(total = 2, "two",
            "more"))
    Catch ex As Exception When total > 0
        Throw
    End Try
End Sub
Private Function Twice(n As Integer) As Integer
    Return n * 2
End Function
</script><%= Twice(2) %>
