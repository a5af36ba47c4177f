<%@ Page Language="VB" %>
<script runat="server">
Protected Sub Page_Load(Of Text