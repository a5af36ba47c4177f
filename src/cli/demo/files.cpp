// The demo server's files: the listing of its web folders, traces of compiled pages, configuration, and ExSetup.exe
// reduced to its version resource.
#include <fmt/format.h>

#include "base/writer.hpp"
#include "cli/demo/story.hpp"

namespace ascribe::demo {
namespace {

constexpr std::string_view kListingHead = "\"FullName\",\"Length\",\"CreationTimeUtc\",\"LastWriteTimeUtc\"\r\n";

std::string listed(std::string_view path, int size, Time created, Time modified) {
    auto plain = [](Time time) { return format_time(time).substr(0, 10) + " " + format_time(time).substr(11, 8); };
    return fmt::format("\"{}\",\"{}\",\"{}\",\"{}\"\r\n", path, size, plain(created), plain(modified));
}

void utf16(Writer& out, std::string_view text) {
    for (char c : text) out.little(static_cast<std::uint16_t>(c));
    out.little(std::uint16_t{0});
}

/// One block of a version resource: length, value length, type, key, padding, value. Microsoft's VS_VERSIONINFO.
std::string block(std::string_view key, std::uint16_t value_size, std::uint16_t type, std::string_view value,
                  std::string_view children) {
    auto pad = [](std::string& bytes) { bytes.resize((bytes.size() + 3) / 4 * 4); };
    Writer head;
    head.little(std::uint16_t{0});
    head.little(value_size);
    head.little(type);
    utf16(head, key);
    auto bytes = head.take();
    pad(bytes);
    bytes += value;
    pad(bytes);
    bytes += children;
    Writer length;
    length.little(static_cast<std::uint16_t>(bytes.size()));
    bytes.replace(0, 2, length.bytes());
    pad(bytes);
    return bytes;
}

std::string text_block(std::string_view key, std::string_view value) {
    Writer out;
    utf16(out, value);
    return block(key, static_cast<std::uint16_t>(value.size() + 1), 1, out.bytes(), "");
}

std::string version_info(std::uint32_t high, std::uint32_t low, std::string_view version) {
    Writer fixed;  // VS_FIXEDFILEINFO: signature, structure version, file version, product version, then flags
    for (std::uint32_t value : {0xFEEF04BDu, 0x10000u, high, low, high, low, 0x3Fu, 0u, 0x40004u, 1u, 0u, 0u, 0u})
        fixed.little(value);
    auto strings = text_block("CompanyName", "Microsoft Corporation") + text_block("FileVersion", version) +
                   text_block("OriginalFilename", "ExSetup.exe") + text_block("ProductName", "Microsoft\xAE Exchange") +
                   text_block("ProductVersion", version);
    return block("VS_VERSION_INFO", 52, 0, fixed.bytes(),
                 block("StringFileInfo", 0, 1, "", block("000004b0", 0, 1, "", strings)));
}

/// A PE file of one section that holds nothing but a version resource: it cannot run.
std::string versioned_file(std::uint32_t high, std::uint32_t low, std::string_view version) {
    constexpr std::uint32_t kSection = 0x200, kAddress = 0x1000;
    auto info = version_info(high, low, version);
    Writer resource;
    auto directory = [&](std::uint32_t id, std::uint32_t offset) {
        for (std::uint32_t value : {0u, 0u, 0u}) resource.little(value);
        resource.little(std::uint16_t{0});
        resource.little(std::uint16_t{1});
        resource.little(id);
        resource.little(offset);
    };
    directory(16, 0x80000018);  // RT_VERSION
    directory(1, 0x80000030);
    directory(1033, 0x48);
    for (std::uint32_t value : {kAddress + 0x58, static_cast<std::uint32_t>(info.size()), 0u, 0u})
        resource.little(value);
    auto section = resource.take() + info;
    section.resize((section.size() + 0x1FF) / 0x200 * 0x200);

    Writer head;
    head.little(std::uint16_t{0x5A4D});
    std::string dos = head.take();
    dos.resize(0x3C);
    Writer pe;
    pe.little(std::uint32_t{0x40});
    pe.little(std::uint32_t{0x4550});
    for (int value : {0x8664, 1}) pe.little(static_cast<std::uint16_t>(value));
    for (std::uint32_t value : {0u, 0u, 0u}) pe.little(value);
    for (int value : {240, 0x22}) pe.little(static_cast<std::uint16_t>(value));
    std::string optional(240, '\0');
    auto put = [&](std::size_t at, std::uint32_t value) {
        Writer out;
        out.little(value);
        optional.replace(at, 4, out.bytes());
    };
    put(0, 0x20B);
    put(32, 0x1000);
    put(36, 0x200);
    put(56, 0x3000);
    put(60, kSection);
    put(108, 16);
    put(112 + 2 * 8, kAddress);
    put(112 + 2 * 8 + 4, static_cast<std::uint32_t>(section.size()));
    Writer table;
    std::string name = ".rsrc";
    name.resize(8);
    for (std::uint32_t value : {static_cast<std::uint32_t>(section.size()), kAddress,
                                static_cast<std::uint32_t>(section.size()), kSection, 0u, 0u, 0u, 0x40000040u})
        table.little(value);
    auto file = dos + pe.take() + optional + name + table.take();
    file.resize(kSection);
    return file + section;
}

}  // namespace

std::vector<File> web_files(Story story) {
    constexpr std::string_view pages = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\";
    const std::string auth = std::string(pages) + "owa\\auth\\";
    auto installed = *make_time(2020, 9, 20, 10, 0, 0);
    std::string listing(kListingHead);
    for (std::string_view name : {"errorFE.aspx", "expiredpassword.aspx", "frowny.aspx", "logoff.aspx", "logon.aspx",
                                  "OutlookCN.aspx", "signout.aspx"})
        listing += listed(auth + std::string(name), 8'000, installed, installed);
    listing += listed(std::string(pages) + "ecp\\auth\\TimeoutLogout.aspx", 1'200, installed, installed);
    listing += listed("C:\\inetpub\\wwwroot\\iisstart.htm", 703, installed, installed);
    constexpr std::string_view temporary =
        "MAIL01/C/Windows/Microsoft.NET/Framework64/v4.0.30319/Temporary ASP.NET Files/";
    auto compiled = [&](std::string_view application, std::string_view page, std::string_view hash, Time when) {
        return File{fmt::format("{}{}/8e05b027/e164d61b/{}.{}.compiled", temporary, application, page, hash),
                    fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<preserve resultType=\"3\" "
                                "virtualPath=\"/{2}/auth/{0}\" hash=\"1\" filehash=\"2\" flags=\"110000\" "
                                "assembly=\"App_Web_{1}\" type=\"ASP.auth_{1}\">\r\n  <filedeps>\r\n    <filedep "
                                "name=\"/{2}/auth/{0}\" />\r\n  </filedeps>\r\n</preserve>\r\n",
                                page, hash, application),
                    when};
    };
    std::vector<File> files{compiled("owa", "logon.aspx", "cdcab7d2", installed),
                            compiled("ecp", "TimeoutLogout.aspx", "1a2b3c4d", installed)};
    if (story == Story::intrusion) {
        listing += listed(auth + std::string(kPage), 2'321, at(12), at(12));
        files.push_back(compiled("owa", kPage, "0f1e2d3c", at(14)));
    }
    files.push_back({"MAIL01/web_root_listing.csv", listing});
    return files;
}

std::vector<File> system_files() {
    return {{fmt::format("{}Bin/ExSetup.exe", kExchange),
             versioned_file(15u << 16 | 1, 2106u << 16 | 13, "15.01.2106.013")},
            {"MAIL01/C/Windows/System32/inetsrv/config/applicationHost.config",
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n  <system.applicationHost>\r\n    "
             "<sites>\r\n      <site name=\"Default Web Site\" id=\"1\">\r\n"
             "        <application path=\"/owa\" applicationPool=\"MSExchangeOWAAppPool\">\r\n          "
             "<virtualDirectory path=\"/\" physicalPath=\"C:\\Program Files\\Microsoft\\Exchange "
             "Server\\V15\\FrontEnd\\HttpProxy\\owa\" />\r\n"
             "        </application>\r\n        <logFile directory=\"%SystemDrive%\\inetpub\\logs\\LogFiles\" />\r\n   "
             "   </site>\r\n    </sites>\r\n  </system.applicationHost>\r\n"
             "  <system.webServer>\r\n    <globalModules>\r\n      <add name=\"HttpCacheModule\" "
             "image=\"%windir%\\System32\\inetsrv\\cachhttp.dll\" />\r\n    </globalModules>\r\n  "
             "</system.webServer>\r\n</configuration>\r\n"}};
}

}  // namespace ascribe::demo
