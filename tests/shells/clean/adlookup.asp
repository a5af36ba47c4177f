<%
'  Telephone list out of Active Directory
'  Phonebook.asp   (IT Services, Univ. Library)
Option Explicit
Dim strName, objConn, objCmd, objRS, strFilter, n

Private Function LdapEscape(ByVal v)
    v = Replace(v, "\", "\5c")
    v = Replace(v, "*", "\2a")
    v = Replace(v, "(", "\28")
    v = Replace(v, ")", "\29")
    v = Replace(v, Chr(0), "\00")
    LdapEscape = v
End Function

Private Sub Cell(ByVal v)
    If IsNull(v) Or IsEmpty(v) Then v = ""
    Response.Write "<td>" & Server.HTMLEncode(v) & "</td>"
End Sub

strName = Left(Trim(Request("q")), 30)
%>
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html>
<head><title>Staff phone list</title>
<style type="text/css">td,th{font:11px Verdana;border-bottom:1px solid #ccc;padding:2px 8px}</style>
</head>
<body>
<form action="<%=Request.ServerVariables("SCRIPT_NAME")%>" method="get">
Surname starts with <input type="text" name="q" value="<%=Server.HTMLEncode(strName)%>">
<input type="submit" value="Find">
</form>
<%
If Len(strName) >= 2 Then
    Set objConn = Server.CreateObject("ADODB.Connection")
    objConn.Provider = "ADsDSOObject"
    objConn.Open "Active Directory Provider"
    Set objCmd = Server.CreateObject("ADODB.Command")
    Set objCmd.ActiveConnection = objConn
    objCmd.Properties("Page Size") = 100
    objCmd.Properties("Timeout") = 15
    objCmd.Properties("Sort On") = "sn"

    strFilter = "(&(objectCategory=person)(objectClass=user)(telephoneNumber=*)" & _
                "(!(userAccountControl:1.2.840.113556.1.4.803:=2))" & _
                "(sn=" & LdapEscape(strName) & "*))"
    objCmd.CommandText = "<LDAP://ou=Staff,dc=lib,dc=uni-example,dc=edu>;" & strFilter & _
                         ";sn,givenName,telephoneNumber,physicalDeliveryOfficeName,department;subtree"
    Set objRS = objCmd.Execute
    n = 0
    Response.Write "<table><tr><th>Name</th><th>Phone</th><th>Room</th><th>Dept.</th></tr>"
    Do Until objRS.EOF Or n >= 50
        Response.Write "<tr>"
        Cell objRS.Fields("sn").Value & ", " & objRS.Fields("givenName").Value
        Cell objRS.Fields("telephoneNumber").Value
        Cell objRS.Fields("physicalDeliveryOfficeName").Value
        Cell objRS.Fields("department").Value
        Response.Write "</tr>" & vbCrLf
        n = n + 1
        objRS.MoveNext
    Loop
    Response.Write "</table><p>" & n & " entries shown.</p>"
    objRS.Close
    objConn.Close
ElseIf Len(strName) = 1 Then
    Response.Write "<p>At least two letters, please.</p>"
End If
%>
</body>
</html>
