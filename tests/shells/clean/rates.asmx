<%@ WebService Language="C#" Class="Rates" %>
using System.Web.Services; using System.Net; using System.Xml;
public class Rates : WebService {
  [WebMethod(CacheDuration = 600)] public decimal Rate(string currency) {
    var d = new XmlDocument(); d.LoadXml(new WebClient().DownloadString("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"));
    foreach (XmlNode n in d.GetElementsByTagName("Cube")) if (n.Attributes["currency"] != null && n.Attributes["currency"].Value == currency) return decimal.Parse(n.Attributes["rate"].Value);
    return 0;
  }
}
