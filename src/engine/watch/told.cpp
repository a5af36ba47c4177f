#include "engine/watch/told.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kSubjectSize = 16;  // bytes of the digest: no two of a hundred thousand agree by chance

std::string subject_of(const std::string& server, const Finding& finding) {
    Writer subject;
    subject.text(finding.detector);
    subject.text(server);
    subject.little(static_cast<std::uint8_t>(finding.question));
    for (const auto* part : {&finding.address, &finding.page, &finding.account, &finding.session}) subject.text(*part);
    return std::string(as_text(sha256(subject.bytes())).substr(0, kSubjectSize));
}

std::string id_of(const std::string& subject, std::uint32_t episode) {
    Writer whole;
    whole.text(subject);
    whole.little(episode);
    return "N-" + to_hex(sha256(whole.bytes())).substr(0, 16);
}

}  // namespace

std::optional<Told::Telling> Told::tell(const std::string& server, const Finding& finding) {
    auto subject = subject_of(server, finding);
    auto [at, is_new] = subjects_.try_emplace(subject);
    Entry& entry = at->second;
    auto first = finding.raw_time.value_or(kNoTime);
    // All its rows are later than the last one told: what was told has left the window.
    bool is_another = !is_new && first != kNoTime && entry.last != kNoTime && first > entry.last + kSilence;
    if (is_another) {
        ++entry.episode;
        is_new = true;
    }
    std::optional<Telling> telling;
    if (is_new)
        telling = Telling{id_of(subject, entry.episode), {}};
    else if (finding.level > entry.level)
        telling = Telling{id_of(subject, entry.episode), entry.level};
    entry.level = is_new ? finding.level : std::max(entry.level, finding.level);
    entry.last = std::max({entry.last, finding.last.value_or(kNoTime), first});
    order_.erase(entry.seen);
    entry.seen = ++clock_;
    order_.emplace(entry.seen, subject);
    trim();
    return telling;
}

void Told::trim() {
    while (subjects_.size() > kSubjects) {
        subjects_.erase(order_.begin()->second);
        order_.erase(order_.begin());
    }
}

void Told::save(Writer& out) const {
    out.count(order_.size());
    for (const auto& [seen, subject] : order_) {
        const Entry& entry = subjects_.at(subject);
        out.text(subject);
        out.little(static_cast<std::uint8_t>(entry.level));
        out.little(entry.episode);
        out.little(entry.last.time_since_epoch().count());
    }
}

Result<void> Told::load(Reader& in) {
    auto count = TRY(in.count("told.subjects"));
    for (std::uint32_t i = 0; i < count; ++i) {
        auto subject = TRY(in.text("told.subject"));
        auto level = TRY(in.little<std::uint8_t>("told.level"));
        if (level > static_cast<std::uint8_t>(Level::success) || subject.size() != kSubjectSize)
            return std::unexpected(Error{Fault::bad_value, "told.level", in.offset()});
        auto [at, added] = subjects_.try_emplace(std::string(subject));
        if (!added) return std::unexpected(Error{Fault::bad_value, "told.subject", in.offset()});
        Entry& entry = at->second;
        entry.level = static_cast<Level>(level);
        entry.episode = TRY(in.little<std::uint32_t>("told.episode"));
        entry.last = Time(Ticks(TRY(in.little<std::int64_t>("told.last"))));
        entry.seen = ++clock_;
        order_.emplace(entry.seen, subject);
    }
    trim();
    return {};
}

}  // namespace ascribe
