<%@ Application Language="C#" %>
<script runat="server">
void Application_Start(object s, EventArgs e) {
  System.Web.Routing.RouteTable.Routes.MapPageRoute("p", "product/{id}", "~/product.aspx");
  System.Web.Mvc.GlobalFilters.Filters.Add(new System.Web.Mvc.HandleErrorAttribute());
}
void Application_BeginRequest(object s, EventArgs e) {
  if (Request.Headers["X-Forwarded-Proto"] == "http") Response.Redirect("https://" + Request.Url.Host + Request.RawUrl);
}
void Application_Error(object s, EventArgs e) {
  System.IO.File.AppendAllText(Server.MapPath("~/App_Data/errors.log"), Server.GetLastError().ToString());
}
</script>
