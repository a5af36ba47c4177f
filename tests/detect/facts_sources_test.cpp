#include "detect/events_batch.hpp"

namespace ascribe {

extern const Detector kFactsSources, kFactsBuilds, kFactsClocks, kFactsHashes, kFactsSettings;

namespace {

using namespace test;

const SourceSeen* seen(const Conclusion& conclusion, Source source) {
    auto found = std::ranges::find(conclusion.facts.sources, source, &SourceSeen::source);
    return found == conclusion.facts.sources.end() ? nullptr : &*found;
}

const std::vector<Line> kSample = {
    security("2021-03-14T01:40:10Z", 4624, {}),
    security("2021-03-14T01:50:10Z", 4688, {}),
    security("2021-03-13T23:59:59Z", 4624, {}),
    sysmon("2021-03-14T03:00:00Z", 1, {}),
    event("2021-03-14T03:00:00Z", "MSExchange Management", "MSExchange CmdletLogs", 1),
    event("", "Application", "X", 1),
    row(RecordKind::http_request, {{"site", "W3SVC1"}, {"port", "443"}}, "2021-03-14T05:00:00Z"),
    row(RecordKind::http_request, {{"site", "W3SVC2"}, {"port", "444"}}, "2021-03-14T06:00:00Z"),
    row(RecordKind::http_request, {{"port", "444"}, {"log", "HTTPERR"}}, "2021-03-14T07:00:00Z"),
    row(RecordKind::exchange_request, {{"log", "HttpProxy"}}, "2021-03-14T08:00:00Z"),
    row(RecordKind::exchange_command, {{"log", "EcpServer"}}, "2021-03-14T09:00:00Z"),
    row(RecordKind::exchange_trace, {{"log", "OabGenerator"}}, "2021-03-14T09:30:00Z"),
    row(RecordKind::mail_event, {}, "2021-03-14T10:00:00Z"),
    row(RecordKind::installed_build, {{"build", "15.1.2106.2"}}),
    row(RecordKind::setting, {{"category", "rewrite_rule"}}),
    row(RecordKind::setting, {{"category", "compiled_page"}}),
    row(RecordKind::setting, {{"category", "prior_check"}}),
    row(RecordKind::file_entry, {{"path", "C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx"}, {"origin", "evidence"}}),
    row(RecordKind::file_entry, {{"path", "C:\\inetpub\\wwwroot\\aspnet_client\\y.aspx"},
                                 {"origin", "velociraptor"},
                                 {"modified", "16156872000000000"}}),
};

TEST(FactsSources, HoursAreThoseOfTheRows) {
    auto conclusion = conclude(kFactsSources, kSample);
    auto* security = seen(conclusion, Source::security);
    ASSERT_TRUE(security);
    EXPECT_EQ(security->records, 3u);
    ASSERT_EQ(security->hours.size(), 2u);
    EXPECT_EQ(security->hours[1] - security->hours[0], 2);  // 23 o'clock and 1 o'clock of the next day
    EXPECT_EQ(format_time(*security->first), "2021-03-13T23:59:59.000Z");
    EXPECT_EQ(security->first_ref.offset, 32u);
    EXPECT_EQ(security->last_ref.offset, 16u);
}

TEST(FactsSources, EveryKindOfRowHasItsSource) {
    auto conclusion = conclude(kFactsSources, kSample);
    for (Source source :
         {Source::security, Source::sysmon, Source::process_events, Source::exchange_management, Source::application,
          Source::iis_front_end, Source::iis_back_end, Source::iis_errors, Source::http_proxy, Source::ecp,
          Source::oab_generator, Source::message_tracking, Source::file_versions, Source::configuration,
          Source::compiled_files, Source::prior_check, Source::web_root_listing, Source::file_times})
        EXPECT_TRUE(seen(conclusion, source)) << to_string(source);
    EXPECT_FALSE(seen(conclusion, Source::system));
    EXPECT_EQ(seen(conclusion, Source::process_events)->records, 2u);
    // A file we hold without its times is no listing.
    EXPECT_EQ(seen(conclusion, Source::web_root_listing)->records, 1u);
}

TEST(FactsSources, ExportsProveNoHours) {
    for (std::string log : {"IIS export", "IIS native", "csv"})
        EXPECT_TRUE(conclude(kFactsSources, {row(RecordKind::http_request, {{"log", log}}, "2021-03-14T05:00:00Z")})
                        .facts.sources.empty())
            << log;
}

TEST(FactsSources, RowsWithoutTimeHaveNoHours) {
    auto conclusion = conclude(kFactsSources, kSample);
    for (Source source : {Source::application, Source::file_versions, Source::configuration, Source::file_times}) {
        ASSERT_TRUE(seen(conclusion, source));
        EXPECT_TRUE(seen(conclusion, source)->hours.empty());
        EXPECT_FALSE(seen(conclusion, source)->first);
    }
}

TEST(FactsSources, HoursOutsideTheWindowAreNotKept) {
    auto conclusion =
        conclude(kFactsSources, {security("1601-01-01T00:00:00Z", 1, {}), security("9999-12-31T23:00:00Z", 1, {})});
    ASSERT_TRUE(seen(conclusion, Source::security));
    EXPECT_EQ(seen(conclusion, Source::security)->records, 2u);
    EXPECT_TRUE(seen(conclusion, Source::security)->hours.empty());
}

TEST(FactsSources, IsAFold) { expect_fold_laws(kFactsSources, kSample); }

const std::vector<Line> kBuildSample = {
    row(RecordKind::exchange_request, {{"log", "HttpProxy"}, {"build", "15.1.2106.2"}}, "2021-03-01T00:00:00Z"),
    row(RecordKind::exchange_request, {{"log", "HttpProxy"}, {"build", "15.1.2106.2"}}, "2021-03-05T00:00:00Z"),
    row(RecordKind::exchange_request, {{"log", "HttpProxy"}, {"build", "15.1.2106.13"}}, "2021-03-06T00:00:00Z"),
    row(RecordKind::exchange_request, {{"log", "HttpProxy"}, {"build", "fifteen"}}, "2021-03-06T00:00:00Z"),
    row(RecordKind::exchange_command, {{"build", "15.1.2106.13"}}, "2021-03-07T00:00:00Z"),
    row(RecordKind::installed_build, {{"build", "15.1.2106.13"}, {"source", "pe_version"}}),
    event("2021-03-08T00:00:00Z", "Application", "MSExchange Common", 1,
          {{"message", "Version=15.0.0.0, build 15.1.2106.13."}}),
};

Intel intel_with_build() {
    Intel intel;
    intel.builds.push_back({*parse_build("15.1.2106.13"), {}, {}, {}, {}, {}, {}});
    return intel;
}

TEST(FactsBuilds, FirstAndLastTimeOfEachBuild) {
    auto builds = conclude(kFactsBuilds, kBuildSample).facts.builds;
    ASSERT_EQ(builds.size(), 4u);  // the event names no build known to this empty intelligence
    EXPECT_EQ(to_string(builds[0].build), "15.1.2106.2");
    EXPECT_EQ(builds[0].source, "http_proxy");
    EXPECT_EQ(format_day(*builds[0].first), "2021-03-01");
    EXPECT_EQ(format_day(*builds[0].last), "2021-03-05");
    auto file = std::ranges::find(builds, "pe_version", &BuildSeen::source);
    ASSERT_NE(file, builds.end());
    EXPECT_FALSE(file->first);
}

TEST(FactsBuilds, EventsCountOnlyWithAKnownBuild) {
    auto builds = conclude(kFactsBuilds, kBuildSample, intel_with_build()).facts.builds;
    auto from_event = std::ranges::find(builds, "event", &BuildSeen::source);
    ASSERT_NE(from_event, builds.end());
    EXPECT_EQ(to_string(from_event->build), "15.1.2106.13");  // not the assembly version before it
}

TEST(FactsBuilds, IsAFold) { expect_fold_laws(kFactsBuilds, kBuildSample, intel_with_build()); }

const std::vector<Line> kClockSample = {
    sysmon("2021-03-14T01:40:13.660Z", 11, {{"UtcTime", "2021-03-14 06:40:13.659"}}),
    sysmon("2021-03-14T01:40:15.320Z", 11, {{"UtcTime", "2021-03-14 06:40:12.820"}}),
    sysmon("2021-03-14T01:40:15.320Z", 11, {{"UtcTime", "soon"}}),
    security("2021-03-14T01:40:15.320Z", 4624, {{"UtcTime", "2021-03-14 06:40:12.820"}}),
};

TEST(FactsClocks, LeastAndMostDifference) {
    auto clocks = conclude(kFactsClocks, kClockSample).facts.clocks;
    ASSERT_EQ(clocks.size(), 1u);
    EXPECT_EQ(clocks[0].rows, 2u);
    EXPECT_EQ(clocks[0].least, std::chrono::minutes{300} - std::chrono::milliseconds{2500});
    EXPECT_EQ(clocks[0].most, std::chrono::minutes{300} - std::chrono::milliseconds{1});
    EXPECT_EQ(clocks[0].sample.offset, 0u);
}

TEST(FactsClocks, IsAFold) { expect_fold_laws(kFactsClocks, kClockSample); }

const std::vector<Line> kSettingSample = {
    row(RecordKind::setting,
        {{"category", "rewrite_rule"}, {"name", "X-BEResource Abort - inbound"}, {"value", "pattern"}}),
    row(RecordKind::setting,
        {{"category", "rewrite_rule"}, {"name", "X-BEResource Abort - inbound"}, {"value", "pattern"}}),
    row(RecordKind::setting, {{"category", "mitigation"}, {"name", "M1"}, {"value", "applied"}}),
    row(RecordKind::setting, {{"category", "module"}, {"name", "x"}}),
};

TEST(FactsSettings, ThoseThatBearOnExposure) {
    auto settings = conclude(kFactsSettings, kSettingSample).facts.settings;
    ASSERT_EQ(settings.size(), 2u);
    EXPECT_EQ(settings[0].name, "M1");
    EXPECT_EQ(settings[1].name, "X-BEResource Abort - inbound");
    EXPECT_EQ(settings[1].ref.offset, 0u);
}

const std::vector<Line> kHashSample = {
    row(RecordKind::file_entry, {{"path", "C:\\a.log"}, {"origin", "velociraptor"}, {"sha256", std::string(64, 'A')}}),
    row(RecordKind::file_entry, {{"path", "C:\\a.log"}, {"origin", "velociraptor"}, {"sha256", std::string(64, 'a')}}),
    row(RecordKind::file_entry, {{"path", "C:\\b.log"}, {"origin", "listing"}, {"sha256", std::string(64, 'b')}}),
    row(RecordKind::file_entry, {{"path", "C:\\c.log"}, {"origin", "kape"}, {"sha256", "short"}}),
};

TEST(FactsHashes, ThoseOfTheCollector) {
    auto hashes = conclude(kFactsHashes, kHashSample).facts.hashes;
    ASSERT_EQ(hashes.size(), 1u);
    EXPECT_EQ(hashes[0].path, "C:\\a.log");
    EXPECT_EQ(hashes[0].sha256, std::string(64, 'a'));
}

TEST(FactsHashes, IsAFold) { expect_fold_laws(kFactsHashes, kHashSample); }

TEST(FactsSettings, IsAFold) { expect_fold_laws(kFactsSettings, kSettingSample); }

}  // namespace
}  // namespace ascribe
