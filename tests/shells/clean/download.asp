<%
id = CLng(Request("id"))
Set rs = conn.Execute("select fname from files where id=" & id)
Set st = Server.CreateObject("ADODB.Stream")
st.Type = 1
st.Open
st.LoadFromFile Server.MapPath("/files/") & "\" & rs("fname")
Response.ContentType = "application/octet-stream"
Response.AddHeader "Content-Disposition", "attachment; filename=" & rs("fname")
Response.BinaryWrite st.Read
%>
