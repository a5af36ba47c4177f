// facts.builds: every Exchange build the evidence names, and from when to when. HttpProxy and ECP logs carry the build
// in each row, so the logs themselves date a patch; a file's version speaks of the time of collection only.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

// More than the 365 builds there ever were, times six sources. The smallest keys are kept, so that any order of merges
// keeps the same ones.
constexpr std::size_t kMaxBuilds = 4'096;
constexpr std::size_t kMaxSourceName = 64;  // our own parsers' words for where they saw it, such as "pe_version"

using Key = std::pair<Build, std::string>;

/// "15.1.2106.2" written somewhere in a message, only when it is a build that Exchange really had: messages are full of
/// assembly versions, which look the same.
std::optional<Build> known_build_in(std::string_view message, const Intel& intel) {
    for (std::size_t at = message.find("15."); at != std::string_view::npos; at = message.find("15.", at + 1)) {
        auto end = std::min(message.find_first_not_of("0123456789.", at), message.size());
        auto text = message.substr(at, end - at);
        while (text.ends_with('.')) text.remove_suffix(1);  // the sentence's own
        auto build = parse_build(text);
        if (build && std::ranges::binary_search(intel.builds, *build, {}, &KnownBuild::build)) return build;
        at = end;
    }
    return {};
}

class Builds {
public:
    void observe(const RecordBatch& batch, const Intel& intel) {
        std::map<Key, BatchExtent> seen;
        std::string last_text, last_source;
        BatchExtent* last = nullptr;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto [text, source] = statement(batch.kind(), row);
            std::optional<Build> build;
            if (batch.kind() == RecordKind::windows_event) {
                build = of_event(row, intel);
            } else if (text.empty()) {
                continue;
            } else if (last && text == last_text && source == last_source) {
                last->add({row.time, row.ref}, i);  // one log, one build: the usual case
                continue;
            } else {
                build = parse_build(text);
            }
            if (!build) continue;
            last = &seen[{*build, std::string(source.substr(0, kMaxSourceName))}];
            last_text = text;
            last_source = source;
            last->add({row.time, row.ref}, i);
        }
        for (const auto& [key, extent] : seen) {
            auto& kept = extents_[key];
            extent.fold_into(kept, batch);
        }
        trim();
    }

    void merge(const Builds& other) {
        for (const auto& [key, extent] : other.extents_) extents_[key].merge(extent);
        trim();
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto& [key, extent] : extents_)
            conclusion.facts.builds.push_back(
                {key.first, key.second, extent.first_time(), extent.last_time(), extent.first.ref, extent.last.ref});
        return conclusion;
    }

    void save(Writer& out) const {
        out.count(extents_.size());
        for (const auto& [key, extent] : extents_) {
            for (auto part : key.first.part) out.little(part);
            out.text(key.second);
            extent.save(out);
        }
    }

    static Result<Builds> load(Reader& in) {
        Builds builds;
        auto count = TRY(in.count("builds.count"));
        if (count > kMaxBuilds)
            return std::unexpected(Error{Fault::too_large, "builds.count", in.offset(), count, kMaxBuilds});
        for (std::uint32_t i = 0; i < count; ++i) {
            Key key;
            for (auto& part : key.first.part) part = TRY(in.little<std::uint32_t>("builds.part"));
            auto source = TRY(in.text("builds.source"));
            if (source.size() > kMaxSourceName)
                return std::unexpected(
                    Error{Fault::too_large, "builds.source", in.offset(), source.size(), kMaxSourceName});
            key.second = source;
            auto extent = TRY(Extent::load(in));
            builds.extents_[key].merge(extent);
        }
        return builds;
    }

private:
    /// The text that names a build and the name of its source.
    static std::pair<std::string_view, std::string_view> statement(RecordKind kind, const Row& row) {
        switch (kind) {
            case RecordKind::exchange_request:
                return {row.text(ExchangeRequest::build),
                        equals_folded(row.text(ExchangeRequest::log), "HttpProxy") ? "http_proxy" : "exchange_log"};
            case RecordKind::exchange_command: return {row.text(ExchangeCommand::build), "ecp"};
            case RecordKind::installed_build:
                return {row.text(InstalledBuild::build), row.text(InstalledBuild::source)};
            default: return {{}, "event"};
        }
    }

    static std::optional<Build> of_event(const Row& row, const Intel& intel) {
        if (!row.text(WindowsEvent::provider).starts_with("MSExchange")) return {};
        return known_build_in(row.text(WindowsEvent::message), intel);
    }

    void trim() {
        while (extents_.size() > kMaxBuilds) extents_.erase(std::prev(extents_.end()));
    }

    std::map<Key, Extent> extents_;
};

constexpr RecordKind kReads[] = {RecordKind::exchange_request, RecordKind::exchange_command, RecordKind::windows_event,
                                 RecordKind::installed_build};

}  // namespace

extern const Detector kFactsBuilds =
    fold_of<Builds>("facts.builds", "Every Exchange build the evidence names, and from when to when", kReads);

}  // namespace ascribe
