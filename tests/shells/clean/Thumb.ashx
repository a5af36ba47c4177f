<%@ WebHandler Language="C#" Class="Thumb" %>

using System;
using System.Drawing;
using System.Drawing.Drawing2D;
using System.Drawing.Imaging;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Web;

public class Thumb : IHttpHandler
{
    private static readonly int[] Sizes = { 80, 160, 320, 640 };

    public void ProcessRequest(HttpContext ctx)
    {
        int id, size;
        if (!int.TryParse(ctx.Request.QueryString["id"], out id)
            || !int.TryParse(ctx.Request.QueryString["w"], out size)
            || Array.IndexOf(Sizes, size) < 0)
        {
            ctx.Response.StatusCode = 400;
            return;
        }

        string source = MediaStore.PathOf(id);     // null when the picture is not public
        if (source == null || !File.Exists(source))
        {
            ctx.Response.StatusCode = 404;
            return;
        }

        string cacheDir = ctx.Server.MapPath("~/App_Data/thumbs");
        string cached = Path.Combine(cacheDir, Key(source, size, File.GetLastWriteTimeUtc(source)) + ".jpg");
        if (!File.Exists(cached))
        {
            Directory.CreateDirectory(cacheDir);
            string tmp = cached + "." + Guid.NewGuid().ToString("N");
            Render(source, size, tmp);
            try { File.Move(tmp, cached); }
            catch (IOException) { File.Delete(tmp); }   // another request was faster
        }

        ctx.Response.ContentType = "image/jpeg";
        ctx.Response.Cache.SetCacheability(HttpCacheability.Public);
        ctx.Response.Cache.SetMaxAge(TimeSpan.FromDays(7));
        ctx.Response.TransmitFile(cached);
    }

    private static void Render(string source, int width, string target)
    {
        using (Image img = Image.FromFile(source))
        {
            int height = Math.Max(1, (int)((long)img.Height * width / img.Width));
            using (var bmp = new Bitmap(width, height, PixelFormat.Format24bppRgb))
            using (Graphics g = Graphics.FromImage(bmp))
            {
                g.InterpolationMode = InterpolationMode.HighQualityBicubic;
                g.PixelOffsetMode = PixelOffsetMode.HighQuality;
                g.Clear(Color.White);
                g.DrawImage(img, 0, 0, width, height);
                bmp.Save(target, ImageFormat.Jpeg);
            }
        }
    }

    private static string Key(string path, int size, DateTime stamp)
    {
        using (var sha = SHA1.Create())
        {
            byte[] h = sha.ComputeHash(Encoding.UTF8.GetBytes(path.ToLowerInvariant() + "|" + size + "|" + stamp.Ticks));
            return BitConverter.ToString(h).Replace("-", "");
        }
    }

    public bool IsReusable { get { return true; } }
}
