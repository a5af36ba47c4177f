<%@ WebHandler Language="C#" Class="InvoicePdf" %>
using System;
using System.Configuration;
using System.Data.SqlClient;
using System.Diagnostics;
using System.IO;
using System.Web;

/* /shop/invoice.ashx?no=20231187
   Makes the PDF of an invoice with wkhtmltopdf. Customer may only get own invoices. */
public class InvoicePdf : IHttpHandler
{
    public bool IsReusable { get { return false; } }

    public void ProcessRequest(HttpContext ctx)
    {
        if (!ctx.Request.IsAuthenticated)
        {
            ctx.Response.StatusCode = 401;
            return;
        }

        int no;
        if (!int.TryParse(ctx.Request.Params["no"], out no) || no < 20000000 || no > 29999999)
            throw new HttpException(404, "No such invoice");

        if (!BelongsTo(no, ctx.User.Identity.Name))
            throw new HttpException(404, "No such invoice");

        string work = Path.Combine(ConfigurationManager.AppSettings["PdfWork"], Guid.NewGuid().ToString("N") + ".pdf");
        string url = "http://127.0.0.1:8089/render/invoice/" + no;
        try
        {
            var psi = new ProcessStartInfo
            {
                FileName = @"C:\Program Files\wkhtmltopdf\bin\wkhtmltopdf.exe",
                Arguments = string.Format("--quiet --page-size A4 --disable-javascript --disable-local-file-access \"{0}\" \"{1}\"", url, work),
                UseShellExecute = false,
                CreateNoWindow = true,
                WorkingDirectory = Path.GetTempPath()
            };
            using (var p = Process.Start(psi))
            {
                if (!p.WaitForExit(30000))
                {
                    p.Kill();
                    throw new HttpException(503, "The document could not be made in time");
                }
                if (p.ExitCode != 0 || !File.Exists(work))
                    throw new HttpException(500, "wkhtmltopdf " + p.ExitCode);
            }

            ctx.Response.ContentType = "application/pdf";
            ctx.Response.AddHeader("Content-Disposition", "inline; filename=invoice-" + no + ".pdf");
            ctx.Response.BinaryWrite(File.ReadAllBytes(work));
        }
        finally
        {
            if (File.Exists(work)) File.Delete(work);
        }
    }

    private static bool BelongsTo(int no, string login)
    {
        using (var cn = new SqlConnection(ConfigurationManager.ConnectionStrings["shop"].ConnectionString))
        using (var cmd = cn.CreateCommand())
        {
            cmd.CommandText = "select count(*) from invoice i join customer c on c.id = i.customer where i.no = @n and c.login = @l";
            cmd.Parameters.AddWithValue("@n", no);
            cmd.Parameters.AddWithValue("@l", login);
            cn.Open();
            return (int)cmd.ExecuteScalar() == 1;
        }
    }
}
