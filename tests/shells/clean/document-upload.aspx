<%@ Page Language="C#" AutoEventWireup="true" ValidateRequest="true" ViewStateEncryptionMode="Always" %>
<%@ Import Namespace="System.IO" %>
<%@ Import Namespace="System.Data.SqlClient" %>
<%@ Import Namespace="System.Configuration" %>
<script runat="server">
    // Application documents of candidates (HR portal). Stored outside of the site, never under the visitor's name.

    static readonly byte[] PdfMagic = { 0x25, 0x50, 0x44, 0x46, 0x2D };
    static readonly byte[] ZipMagic = { 0x50, 0x4B, 0x03, 0x04 };   // docx
    const int MaxBytes = 5 * 1024 * 1024;

    protected override void OnInit(EventArgs e)
    {
        base.OnInit(e);
        if (!User.Identity.IsAuthenticated)
            FormsAuthentication.RedirectToLoginPage();
        ViewStateUserKey = Session.SessionID;
    }

    private static bool StartsWith(byte[] data, byte[] magic)
    {
        if (data.Length < magic.Length) return false;
        for (int i = 0; i < magic.Length; i++)
            if (data[i] != magic[i]) return false;
        return true;
    }

    protected void Send_Click(object sender, EventArgs e)
    {
        if (!Doc.HasFile) { Msg.Text = "Please choose a file."; return; }
        if (Doc.PostedFile.ContentLength > MaxBytes) { Msg.Text = "At most 5 MB."; return; }

        string ext = Path.GetExtension(Doc.FileName).ToLowerInvariant();
        byte[] data = Doc.FileBytes;
        bool ok;
        switch (ext)
        {
            case ".pdf":
                ok = Doc.PostedFile.ContentType == "application/pdf" && StartsWith(data, PdfMagic);
                break;
            case ".docx":
                ok = StartsWith(data, ZipMagic);
                break;
            default:
                ok = false;
                break;
        }
        if (!ok) { Msg.Text = "Only PDF or DOCX documents are accepted."; return; }

        Guid id = Guid.NewGuid();
        string folder = ConfigurationManager.AppSettings["CandidateStore"];   // \\files02\hr-inbox$
        File.WriteAllBytes(Path.Combine(folder, id.ToString("N") + ext), data);

        using (SqlConnection cn = new SqlConnection(ConfigurationManager.ConnectionStrings["Hr"].ConnectionString))
        using (SqlCommand cmd = new SqlCommand("INSERT INTO CandidateFile(Id, Owner, Title, Ext, Size, Created) VALUES(@i,@o,@t,@e,@s,GETUTCDATE())", cn))
        {
            cmd.Parameters.AddWithValue("@i", id);
            cmd.Parameters.AddWithValue("@o", User.Identity.Name);
            cmd.Parameters.AddWithValue("@t", Path.GetFileName(Doc.FileName));
            cmd.Parameters.AddWithValue("@e", ext);
            cmd.Parameters.AddWithValue("@s", data.Length);
            cn.Open();
            cmd.ExecuteNonQuery();
        }
        Msg.Text = "Received: " + Server.HtmlEncode(Path.GetFileName(Doc.FileName));
    }
</script>
<!DOCTYPE html>
<html>
<head runat="server"><title>Your documents</title></head>
<body>
    <form id="f" runat="server" enctype="multipart/form-data">
        <h1>Hand in a document</h1>
        <asp:FileUpload ID="Doc" runat="server" />
        <asp:Button ID="Send" runat="server" Text="Send" OnClick="Send_Click" />
        <p><asp:Label ID="Msg" runat="server" EnableViewState="false" /></p>
    </form>
</body>
</html>
