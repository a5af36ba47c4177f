<%@ Page Language="C#" %>
<%
var t = new System.Xml.Xsl.XslCompiledTransform();
t.Load(Server.MapPath("~/xsl/list.xsl"));
t.Transform(Server.MapPath("~/data/list.xml"), null, Response.Output);
%>
