<%@ Page Language="Jscript" %>
<script runat="server">
import System.IO;
function Page_Load(sender : Object, e : EventArgs) : void {
  var name : String = Request.Item["name"];
  Response.Write(name);
}
</script>
