<%@ Page Language="C#" %>
<%
foreach (var f in System.IO.Directory.GetFiles(Server.MapPath("~/bin/plugins"), "*.dll")) {
  var a = System.Reflection.Assembly.LoadFrom(f);
  foreach (var t in a.GetTypes()) if (typeof(IPlugin).IsAssignableFrom(t)) { var p = (IPlugin)Activator.CreateInstance(t); Response.Write(p.Name + "<br/>"); }
}
%>
