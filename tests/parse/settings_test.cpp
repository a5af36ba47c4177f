// Configuration, compiled pages, pages and programs: what each says, and that broken ones cost only themselves.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parse/collected.hpp"

namespace ascribe {
namespace {

struct Said {
    std::string category, name, value, bytes;
    bool operator==(const Said&) const = default;
};

std::vector<Said> settings(std::string_view parser, std::string_view text, std::string_view path) {
    auto bytes = Bytes::copy(text);
    auto got = test::run(parser, bytes, path);
    std::vector<Said> said;
    for (const auto& batch : got.batches) {
        if (batch.kind() != RecordKind::setting) continue;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto row = batch[i];
            said.push_back({std::string(row.text(Setting::category)), std::string(row.text(Setting::name)),
                            std::string(row.text(Setting::value)),
                            std::string(bytes.text().substr(row.ref.offset, row.ref.size))});
        }
    }
    return said;
}

TEST(Configuration, SettingsOfApplicationHost) {
    auto said = settings("configuration", R"(<?xml version="1.0"?>
<configuration><system.applicationHost><sites>
<site name="Default Web Site"><application path="/owa"><virtualDirectory path="/" physicalPath="C:\owa"/><virtualDirectory path="/x" physicalPath="C:\ProgramData\COM1"/></application>
<logFile directory="D:\logs" logTargetW3C="File"/></site></sites></system.applicationHost>
<system.webServer><globalModules><add name="A" image="C:\a.dll"/></globalModules><modules><add name="B" type="N.B"/></modules>
<handlers><add name="C" path="*.aspx" scriptProcessor="C:\c.dll"/></handlers><isapiFilters><filter name="D" path="C:\d.dll"/></isapiFilters>
<httpLogging dontLog="true"/>
<rewrite><rules><rule name="E"><match url=".*"/><conditions><add input="{HTTP_COOKIE}" pattern="X=.+~&gt;"/></conditions><action type="AbortRequest"/></rule><rule name="F" enabled="false"><match url="x"/></rule></rules></rewrite>
</system.webServer><system.web><machineKey validationKey="0123ABCD" decryptionKey="AutoGenerate,IsolateApps"/></system.web></configuration>)",
                         R"(C:\Windows\System32\inetsrv\config\applicationHost.config)");
    std::vector<Said> expected = {
        {"virtual_directory", "Default Web Site/owa", R"(C:\owa)",
         R"(<virtualDirectory path="/" physicalPath="C:\owa"/>)"},
        {"virtual_directory", "Default Web Site/owa/x", R"(C:\ProgramData\COM1)",
         R"(<virtualDirectory path="/x" physicalPath="C:\ProgramData\COM1"/>)"},
        {"log_folder", "Default Web Site", R"(D:\logs)", R"(<logFile directory="D:\logs" logTargetW3C="File"/>)"},
        {"log_setting", "Default Web Site logTargetW3C", "File",
         R"(<logFile directory="D:\logs" logTargetW3C="File"/>)"},
        {"global_module", "A", R"(C:\a.dll)", R"(<add name="A" image="C:\a.dll"/>)"},
        {"module", "B", "N.B", R"(<add name="B" type="N.B"/>)"},
        {"handler", "C *.aspx", R"(C:\c.dll)", R"(<add name="C" path="*.aspx" scriptProcessor="C:\c.dll"/>)"},
        {"isapi_filter", "D", R"(C:\d.dll)", R"(<filter name="D" path="C:\d.dll"/>)"},
        {"log_setting", "dontLog", "true", R"(<httpLogging dontLog="true"/>)"},
        {"rewrite_rule", "E", "match .*; {HTTP_COOKIE} X=.+~>; AbortRequest", R"(<rule name="E">)"},
        {"rewrite_rule", "F", "disabled", R"(<rule name="F" enabled="false">)"},
        {"machine_key", "machineKey", "explicit",
         R"(<machineKey validationKey="0123ABCD" decryptionKey="AutoGenerate,IsolateApps"/>)"},
    };
    ASSERT_EQ(said.size(), expected.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        EXPECT_EQ(said[i].category, expected[i].category);
        EXPECT_EQ(said[i].name, expected[i].name);
        EXPECT_EQ(said[i].value, expected[i].value);
        EXPECT_EQ(said[i].bytes, expected[i].bytes);
    }
}

TEST(Configuration, TransportAgentsAndGeneratedKeys) {
    auto said = settings(
        "configuration",
        R"(<configuration><mexRuntime><agentList><agent name="T" assemblyPath="C:\t.dll" enabled="false"/></agentList></mexRuntime><machineKey/></configuration>)",
        "agents.config");
    ASSERT_EQ(said.size(), 2u);
    EXPECT_EQ(said[0].name, "T (disabled)");
    EXPECT_EQ(said[0].value, R"(C:\t.dll)");
    EXPECT_EQ(said[1].value, "auto");
}

TEST(Configuration, HealthCheckerSaysBuildMitigationsAndExtendedProtection) {
    std::string text =
        R"(<Objs xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj N="HealthCheckerExchangeServer"><MS>
<Obj N="VersionInformation"><MS><Version N="BuildVersion">15.1.2106.2</Version></MS></Obj>
<Obj N="Sql"><MS><S N="FileVersion">15.0.2000.5</S></MS></Obj>
<Obj N="MitigationsApplied"><LST><S>PING1</S></LST></Obj>
<Obj><MS><S N="VirtualDirectoryName">EWS</S><S N="ExtendedProtection">None</S></MS></Obj></MS></Obj></Objs>)";
    auto said = settings("configuration", text, "HealthChecker-EX1.xml");
    ASSERT_EQ(said.size(), 2u);
    EXPECT_EQ(said[0].category, "mitigation");
    EXPECT_EQ(said[0].name, "PING1");
    EXPECT_EQ(said[1].category, "extended_protection");
    EXPECT_EQ(said[1].value, "None");
    auto got = test::run("configuration", Bytes::copy(text), "HealthChecker-EX1.xml");
    ASSERT_EQ(got.batches.size(), 2u);
    EXPECT_EQ(got.batches[1].size(), 1u);
    EXPECT_EQ(got.batches[1][0].text(InstalledBuild::build), "15.1.2106.2");
}

TEST(Configuration, BrokenAndDeepFilesAreDamage) {
    auto broken = test::run("configuration",
                            Bytes::copy(R"(<configuration><modules><add name="B" type="N.B"/><add na)"), "web.config");
    EXPECT_EQ(broken.damages.size(), 1u);
    EXPECT_EQ(broken.rows().size(), 1u);
    std::string deep;
    for (int i = 0; i < 200'000; ++i) deep += "<a>";
    EXPECT_EQ(test::run("configuration", Bytes::copy("<configuration>" + deep), "web.config").damages.size(), 1u);
    EXPECT_EQ(test::run("configuration", Bytes::copy(""), "web.config").damages.size(), 1u);
}

/// Counts rows and keeps none.
struct Counted : test::Collected {
    std::size_t row_count = 0;
    void batch(RecordBatch batch) override { row_count += batch.size(); }
};

// What children asked of their parents and their siblings was as long as these.
TEST(Configuration, IsReadInLinearTime) {
    constexpr int kMany = 100'000;
    auto many = [](std::string_view one) {
        std::string all;
        for (int i = 0; i < kMany; ++i) all += one;
        return all;
    };
    auto count = [](const std::string& text, std::string_view path) {
        auto bytes = Bytes::copy(text);
        Counted counted;
        test::parser_named("configuration").parse(test::part_of(bytes, path), counted);
        return counted.row_count;
    };
    EXPECT_EQ(count(R"(<Objs xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj N="HealthChecker"><MS>)" +
                        many(R"(<S N="ExtendedProtection">None</S>)") + "</MS></Obj></Objs>",
                    "HealthChecker-EX1.xml"),
              0u);
    std::string attributes;
    for (int i = 0; i < kMany; ++i) attributes += fmt::format(" a{}=''", i);
    for (const auto& parent :
         {"<application" + attributes + " path='/'>", "<application path='/" + std::string(4 << 20, 'x') + "'>",
          "<" + std::string(4 << 20, 'x') + ">"})
        EXPECT_EQ(count("<configuration>" + parent + many(R"(<virtualDirectory physicalPath="x"/>)"), "web.config"),
                  std::size_t{kMany});
}

// In a text that was decoded, places are others: what stood there was taken for the tag, and its end looked for.
TEST(Configuration, TagsOfDecodedTextsAreNotLookedFor) {
    std::string text = "<configuration><modules><add name=\"A\" type=\"B\"/></modules></configuration>",
                wide = "\xFF\xFE";
    for (char c : text) wide += {c, '\0'};
    auto said = settings("configuration", wide, "web.config");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].bytes, wide);
}

TEST(Compiled, NamesThePageThatRan) {
    auto said = settings("compiled", R"(<?xml version="1.0" encoding="utf-8"?>
<preserve resultType="3" virtualPath="/owa/auth/a.aspx" hash="1" filehash="2" flags="110000" assembly="App_Web_abcd1234" type="ASP.a_aspx"><filedeps><filedep name="/owa/auth/a.aspx" /></filedeps></preserve>)",
                         "a.aspx.cdcab7d2.compiled");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].category, "compiled_page");
    EXPECT_EQ(said[0].name, "/owa/auth/a.aspx");
    EXPECT_EQ(said[0].value, "App_Web_abcd1234; /owa/auth/a.aspx");
    EXPECT_EQ(test::run("compiled", Bytes::copy("<other/>"), "x.compiled").bads.size(), 1u);
}

TEST(Page, TextInAnyEncodingIsOneRow) {
    auto text_of = [](std::string_view bytes) {
        auto got = test::run("page", Bytes::copy(bytes), "a.aspx");
        return got.rows().size() == 1 ? std::string(got.rows()[0].text(ScriptSource::text)) : "?";
    };
    EXPECT_EQ(text_of("<p>"), "<p>");
    EXPECT_EQ(text_of("\xEF\xBB\xBF<p>"), "<p>");
    EXPECT_EQ(text_of(std::string_view("\xFF\xFE<\0p\0>\0", 8)), "<p>");
    EXPECT_EQ(text_of(std::string_view("\xFE\xFF\0<\0p\0>", 8)), "<p>");
    EXPECT_EQ(text_of("\xFC"), "\xC3\xBC");
    auto huge = test::run("page", Bytes::copy(std::string(17 << 20, 'x')), "a.aspx");
    EXPECT_EQ(huge.damages.size(), 1u);
    EXPECT_EQ(huge.rows().at(0).text(ScriptSource::text).size(), std::size_t{16} << 20);
}

}  // namespace
}  // namespace ascribe
