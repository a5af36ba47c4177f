<%@ Page Language="C#" %>
<% Response.Write($"{Request["a"] == null ? "none" : Request["a"]