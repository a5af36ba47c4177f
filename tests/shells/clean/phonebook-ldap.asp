<%@ Language=VBScript %>
<%
'=====================================================================
' Staff phone book. Anonymous access is off for this folder in IIS, so
' LOGON_USER is always set. Queries AD through ADsDSOObject.
'=====================================================================
Option Explicit
Dim q, conn, cmd, rs, rootDse, filter, sort, logon

logon = Request.ServerVariables("LOGON_USER")
If logon = "" Then
    Response.Status = "401 Unauthorized"
    Response.End
End If

q = Trim(Left(Request.QueryString("q"), 40))
Select Case Request.QueryString("sort")
    Case "dept"  : sort = "department"
    Case "phone" : sort = "telephoneNumber"
    Case Else    : sort = "sn"
End Select

Function LdapEscape(ByVal s)
    s = Replace(s, "\", "\5c")
    s = Replace(s, "*", "\2a")
    s = Replace(s, "(", "\28")
    s = Replace(s, ")", "\29")
    s = Replace(s, ";", "\3b")
    LdapEscape = Replace(s, Chr(0), "\00")
End Function

Function F(name)
    If IsNull(rs.Fields(name).Value) Then
        F = "&nbsp;"
    Else
        F = Server.HTMLEncode(rs.Fields(name).Value)
    End If
End Function
%>
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><title>Phone book</title></head><body onload="document.f.q.focus()">
<form name="f" method="get" action="phonebook.asp">
Name: <input name="q" value="<%= Server.HTMLEncode(q) %>"> <input type="submit" value="Find">
</form>
<%
If Len(q) >= 2 Then
    Set rootDse = GetObject("LDAP://RootDSE")
    Set conn = Server.CreateObject("ADODB.Connection")
    conn.Provider = "ADsDSOObject"
    conn.Open "Active Directory Provider"

    filter = "(&(objectCategory=person)(objectClass=user)(telephoneNumber=*)" & _
             "(|(sn=" & LdapEscape(q) & "*)(givenName=" & LdapEscape(q) & "*)))"
    Set cmd = Server.CreateObject("ADODB.Command")
    Set cmd.ActiveConnection = conn
    cmd.CommandText = "<LDAP://OU=Staff," & rootDse.Get("defaultNamingContext") & ">;" & _
                      filter & ";sn,givenName,department,telephoneNumber,mobile,mail;subtree"
    cmd.Properties("Page Size") = 100
    cmd.Properties("Sort On") = sort
    Set rs = cmd.Execute
    If rs.EOF Then
        Response.Write "<p>Nobody found.</p>"
    Else
        Response.Write "<table border=1 cellspacing=0>"
        Do While Not rs.EOF
            Response.Write "<tr><td>" & F("sn") & ", " & F("givenName") & "</td><td>" & F("department") & _
                "</td><td>" & F("telephoneNumber") & "</td><td>" & F("mobile") & "</td><td>" & F("mail") & "</td></tr>" & vbCrLf
            rs.MoveNext
        Loop
        Response.Write "</table>"
    End If
    rs.Close
    conn.Close
End If
%>
</body></html>
