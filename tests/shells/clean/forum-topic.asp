<%@ Language=VBScript %>
<% Option Explicit %>
<!--#include file="inc_config.asp"-->
<!--#include file="inc_functions.asp"-->
<!--#include file="inc_header.asp"-->
<%
'############################################################
'## topic.asp  -  shows one topic with its replies
'## part of VillageBoard 2.4
'############################################################
Dim intTopicID, intForumID, intPage, intPageSize, rs, cmd, i
Dim strSubject, blnLocked, blnModerator

If IsNumeric(Request.QueryString("TOPIC_ID")) Then
	intTopicID = CLng(Request.QueryString("TOPIC_ID"))
Else
	Response.Redirect "default.asp"
End If

intPage = 1
If IsNumeric(Request.QueryString("whichpage")) And Request.QueryString("whichpage") <> "" Then intPage = CLng(Request.QueryString("whichpage"))
intPageSize = 15

Set cmd = Server.CreateObject("ADODB.Command")
Set cmd.ActiveConnection = my_Conn
cmd.CommandText = "SELECT T_SUBJECT, T_STATUS, FORUM_ID, T_MESSAGE, T_DATE, M_NAME, M_AVATAR FROM " & strTablePrefix & "TOPICS INNER JOIN " & strMemberTablePrefix & "MEMBERS ON T_AUTHOR = MEMBER_ID WHERE TOPIC_ID = ?"
cmd.Parameters.Append cmd.CreateParameter("tid", adInteger, adParamInput, , intTopicID)
Set rs = cmd.Execute

If rs.EOF Then
	Go_Result "No such topic.", 0
	Response.End
End If

strSubject = ChkString(rs("T_SUBJECT"), "display")
intForumID = rs("FORUM_ID")
blnLocked = (rs("T_STATUS") = 0)
blnModerator = (mLev = 4) Or (chkForumModerator(intForumID, strDBNTUserName) = "1")
%>
<table width="95%" border="0" cellspacing="0" cellpadding="4" align="center">
  <tr bgcolor="<%= strHeadCellColor %>">
    <td colspan="2"><font face="<%= strDefaultFontFace %>" color="<%= strHeadFontColor %>"><b><%= strSubject %></b></font></td>
  </tr>
  <tr bgcolor="<%= strForumFirstCellColor %>" valign="top">
    <td width="120"><b><%= ChkString(rs("M_NAME"), "display") %></b><br>
    <% If Trim(rs("M_AVATAR") & "") <> "" Then %><img src="avatars/<%= Server.URLEncode(rs("M_AVATAR")) %>" width="64" height="64" alt=""><% End If %></td>
    <td><small>Posted - <%= ChkDate(rs("T_DATE")) %></small><hr noshade size="1"><%= FormatStr(rs("T_MESSAGE")) %></td>
  </tr>
<%
rs.Close
Set rs = Server.CreateObject("ADODB.Recordset")
rs.CursorLocation = adUseClient
rs.PageSize = intPageSize
rs.Open "SELECT R.REPLY_ID, R.R_MESSAGE, R.R_DATE, M.M_NAME FROM " & strTablePrefix & "REPLY R, " & strMemberTablePrefix & "MEMBERS M WHERE R.R_AUTHOR = M.MEMBER_ID AND R.TOPIC_ID = " & intTopicID & " ORDER BY R.R_DATE", my_Conn
If Not rs.EOF Then
	If intPage > rs.PageCount Then intPage = rs.PageCount
	rs.AbsolutePage = intPage
	i = 0
	Do Until rs.EOF Or i >= intPageSize
		i = i + 1
%>
  <tr bgcolor="<% If i Mod 2 = 0 Then Response.Write strForumCellColor Else Response.Write strAltForumCellColor %>" valign="top">
    <td><a name="<%= rs("REPLY_ID") %>"></a><b><%= ChkString(rs("M_NAME"), "display") %></b></td>
    <td><small><%= ChkDate(rs("R_DATE")) %></small>
    <% If blnModerator Then %><a href="pop_delete.asp?mode=Reply&amp;REPLY_ID=<%= rs("REPLY_ID") %>"><img src="icon_trashcan.gif" border="0" alt="Delete"></a><% End If %>
    <hr noshade size="1"><%= FormatStr(rs("R_MESSAGE")) %></td>
  </tr>
<%
		rs.MoveNext
	Loop
End If
Response.Write "</table>" & vbNewLine
If rs.PageCount > 1 Then DropDownPaging rs.PageCount, intPage
rs.Close
Set rs = Nothing

If Not blnLocked And mLev > 0 Then Response.Write "<p align=""center""><a href=""post.asp?method=Reply&amp;TOPIC_ID=" & intTopicID & """>Reply to Topic</a></p>"
WriteFooter
%>
