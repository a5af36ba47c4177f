<%@ Page Language="C#" EnableViewState="true" EnableViewStateMac="true" %>
<%@ Import Namespace="System.IO" %>
<%@ Import Namespace="System.IO.Compression" %>
<%@ Import Namespace="System.Web.UI" %>
<script language="c#" runat="server">
// The search page of the land register has a very big view state.
// It is zipped and put into the server's cache, the form only has a key.

private const string KeyField = "__VSKEY";

protected override void SavePageStateToPersistenceMedium(object state)
{
    LosFormatter fmt = new LosFormatter();
    StringWriter sw = new StringWriter();
    fmt.Serialize(sw, state);
    string key = "vs:" + Session.SessionID + ":" + Guid.NewGuid().ToString("N");
    Cache.Insert(key, Zip(sw.ToString()), null, DateTime.Now.AddMinutes(Session.Timeout), Cache.NoSlidingExpiration);
    ClientScript.RegisterHiddenField(KeyField, key);
}

protected override object LoadPageStateFromPersistenceMedium()
{
    string key = Request.Form[KeyField];
    if (key == null || !key.StartsWith("vs:" + Session.SessionID + ":", StringComparison.Ordinal))
        throw new ViewStateException();
    byte[] zipped = Cache[key] as byte[];
    if (zipped == null)
    {
        Response.Redirect(Request.Path + "?expired=1", true);
        return null;
    }
    return new LosFormatter().Deserialize(Unzip(zipped));     // own data out of the server's memory
}

private static byte[] Zip(string s)
{
    using (MemoryStream ms = new MemoryStream())
    {
        using (GZipStream gz = new GZipStream(ms, CompressionMode.Compress))
        using (StreamWriter w = new StreamWriter(gz)) w.Write(s);
        return ms.ToArray();
    }
}

private static string Unzip(byte[] b)
{
    using (GZipStream gz = new GZipStream(new MemoryStream(b), CompressionMode.Decompress))
    using (StreamReader r = new StreamReader(gz)) return r.ReadToEnd();
}

void Page_Load(object s, EventArgs e)
{
    Session["keep"] = 1;
    if (Request.QueryString["expired"] == "1") Info.Text = "The search had expired, please enter it again.";
}

void Find_Click(object s, EventArgs e)
{
    Parcels.SelectParameters["district"].DefaultValue = District.SelectedValue;
    Parcels.SelectParameters["number"].DefaultValue = Number.Text.Trim();
    Grid.DataBind();
}
</script>
<html><head runat="server"><title>Land register search</title></head><body>
<form runat="server">
<asp:Label id="Info" runat="server" ForeColor="Maroon" />
District <asp:DropDownList id="District" runat="server"><asp:ListItem>North</asp:ListItem><asp:ListItem>South</asp:ListItem></asp:DropDownList>
Parcel <asp:TextBox id="Number" runat="server" MaxLength="12" />
<asp:RegularExpressionValidator runat="server" ControlToValidate="Number" ValidationExpression="[0-9/]{1,12}" ErrorMessage="Number/Part" />
<asp:Button runat="server" Text="Find" OnClick="Find_Click" />
<asp:SqlDataSource id="Parcels" runat="server" ConnectionString="<%$ ConnectionStrings:LandRegister %>"
  SelectCommand="SELECT Parcel, Area, Owner FROM Parcels WHERE District=@district AND Parcel LIKE @number + '%'">
  <SelectParameters><asp:Parameter Name="district" /><asp:Parameter Name="number" /></SelectParameters>
</asp:SqlDataSource>
<asp:GridView id="Grid" runat="server" DataSourceID="Parcels" AllowPaging="true" PageSize="25" />
</form></body></html>
