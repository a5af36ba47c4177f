#include "report/notices.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace ascribe {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes of a statement and of a name. Escaped in JSON a byte takes six at most, and a notice stays below kNoticeLine:
/// 6 * (kStatement + 4 * kName + kNoticeRows * (kName + kNoticeBytes)) and a kilobyte of the rest.
constexpr std::size_t kStatement = 1'536, kName = 512;
static_assert(6 * (kStatement + 5 * kName + kNoticeRows * (kName + kNoticeBytes)) + 4'096 < kNoticeLine);

std::string cut(std::string_view text, std::size_t limit) { return std::string(text.substr(0, limit)); }

Json time_or_null(const std::optional<Time>& time) { return time ? Json(format_time(*time)) : Json(); }

}  // namespace

std::string notice_json(const Notice& notice) {
    const Finding& finding = notice.finding;
    Json out{{"id", notice.id},
             {"level", to_string(finding.level)},
             {"severity", to_string(finding.severity)},
             {"question", to_string(finding.question)},
             {"probability", finding.probability},
             {"time", time_or_null(finding.raw_time)},
             {"last", time_or_null(finding.last)},
             {"server", cut(notice.server, kName)},
             {"detector", finding.detector},
             {"statement", cut(finding.statement, kStatement)},
             {"techniques", finding.techniques},
             {"cves", finding.cves}};
    if (notice.was) out["was"] = to_string(*notice.was);
    for (auto [name, value] : {std::pair("address", &finding.address), std::pair("page", &finding.page),
                               std::pair("account", &finding.account), std::pair("session", &finding.session)})
        if (!value->empty()) out[name] = cut(*value, kName);
    out["rows_total"] = finding.evidence_total;
    auto& rows = out["rows"] = Json::array();
    for (const NoticeRow& row : notice.rows) {
        Json one{{"path", cut(row.path, kName)}, {"offset", row.offset}, {"size", row.size}};
        if (row.line > 0) one["line"] = row.line;
        if (!row.bytes.empty()) one["bytes"] = cut(row.bytes, kNoticeBytes);
        rows.push_back(std::move(one));
    }
    return out.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string notice_text(const Notice& notice) {
    const Finding& finding = notice.finding;
    auto time = finding.raw_time ? format_time_prose(*finding.raw_time) : std::string("no time");
    auto was = notice.was ? fmt::format(" (was {})", to_string(*notice.was)) : std::string();
    auto text = fmt::format("{} [{}]{} {}  {}  {}\n    {}\n", notice.id, to_string(finding.level), was, time,
                            visible(notice.server, 60), finding.detector, visible(finding.statement, kStatement));
    if (!notice.rows.empty()) {
        const NoticeRow& row = notice.rows.front();
        text += row.line > 0
                    ? fmt::format("    {} line {}\n", visible(row.path, kName), row.line)
                    : fmt::format("    {} at offset {}, {} bytes\n", visible(row.path, kName), row.offset, row.size);
    }
    return text;
}

}  // namespace ascribe
