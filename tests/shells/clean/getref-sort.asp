<%
Function ByName(a, b)
  ByName = StrComp(a, b, 1)
End Function
Sub Sort(arr, cmp)
  For i = 0 To UBound(arr) - 1
    For j = i + 1 To UBound(arr)
      If cmp(arr(i), arr(j)) > 0 Then t = arr(i) : arr(i) = arr(j) : arr(j) = t
    Next
  Next
End Sub
a = Split(Request.Form("names"), ",")
Sort a, GetRef("ByName")
Response.Write Server.HTMLEncode(Join(a, ", "))
%>
