<%@ WebHandler Language="C#" Class="CaptchaImage" %>
using System;
using System.Drawing;
using System.Drawing.Imaging;
using System.Security.Cryptography;
using System.Web;
using System.Web.SessionState;

public class CaptchaImage : IHttpHandler, IRequiresSessionState {

    const string Letters = "ABCDEFGHJKLMNPRSTUVWXYZ23456789";

    public void ProcessRequest (HttpContext context) {
        string code = NewCode(5);
        context.Session["captcha"] = code;
        context.Session["captchaTime"] = DateTime.UtcNow;

        context.Response.ContentType = "image/png";
        context.Response.Cache.SetNoStore();

        using (Bitmap bmp = new Bitmap(160, 50))
        using (Graphics g = Graphics.FromImage(bmp)) {
            Random rnd = new Random();
            g.Clear(Color.WhiteSmoke);
            using (Pen p = new Pen(Color.LightSteelBlue)) {
                for (int i = 0; i < 14; i++)
                    g.DrawLine(p, rnd.Next(160), rnd.Next(50), rnd.Next(160), rnd.Next(50));
            }
            for (int i = 0; i < code.Length; i++) {
                using (Font f = new Font("Georgia", 20 + rnd.Next(6), FontStyle.Bold))
                using (Brush b = new SolidBrush(Color.FromArgb(rnd.Next(120), rnd.Next(120), rnd.Next(120)))) {
                    g.TranslateTransform(14 + i * 28, 10);
                    g.RotateTransform(rnd.Next(-18, 18));
                    g.DrawString(code.Substring(i, 1), f, b, 0, 0);
                    g.ResetTransform();
                }
            }
            // PNG needs a seekable stream
            using (System.IO.MemoryStream ms = new System.IO.MemoryStream()) {
                bmp.Save(ms, ImageFormat.Png);
                context.Response.BinaryWrite(ms.ToArray());
            }
        }
    }

    private static string NewCode(int n) {
        byte[] b = new byte[n];
        using (RandomNumberGenerator r = RandomNumberGenerator.Create()) r.GetBytes(b);
        char[] c = new char[n];
        for (int i = 0; i < n; i++) c[i] = Letters[b[i] % Letters.Length];
        return new string(c);
    }

    public bool IsReusable { get { return false; } }
}
