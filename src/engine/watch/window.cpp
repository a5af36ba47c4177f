#include "engine/watch/window.hpp"

#include <algorithm>
#include <tuple>
#include <typeinfo>
#include <utility>

#include "base/text.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

using std::chrono::system_clock;

/// Raised whenever a detector saves its state otherwise than before; a test compares what is saved.
constexpr std::string_view kVersion = "states 2\n";

std::string saved(const Detector& detector, const std::any& state) {
    Writer out;
    detector.save(state, out);
    return out.take();
}

/// "MXS01.azsentinel.local" and "mxs01" are one server.
std::string short_name(std::string_view host) {
    bool is_address = host.find_first_not_of("0123456789.:") == std::string_view::npos;
    return lower(is_address ? host : host.substr(0, host.find('.')));
}

/// Whether new rows alone can be concluded on: each was judged by itself. Statistics of a few rows would say nothing.
bool judges_row_by_row(const Detector& detector, const std::any& state) {
    return state.type() == typeid(Hits) || detector.name == "sigma.rules";
}

void put_in_order(std::vector<Window::Concluded>& all) {
    std::ranges::stable_sort(all, [](const Window::Concluded& a, const Window::Concluded& b) {
        auto key = [](const Window::Concluded& each) {
            const Finding& f = each.finding;
            return std::tuple(f.raw_time.value_or(kNoTime), std::string_view(each.server), std::string_view(f.detector),
                              f.evidence.empty() ? Ref{} : f.evidence.front(), std::string_view(f.statement));
        };
        return key(a) < key(b);
    });
}

}  // namespace

Window::Window(const Stages& stages) : stages_(stages), began_(system_clock::now()) {
    for (const Detector& detector : stages_.detectors) blank_.push_back(saved(detector, detector.begin()));
}

/// The name under which states of a server are kept: its own while there is room.
const std::string& Window::named(const std::string& server) {
    auto at = servers_.find(server);
    if (at == servers_.end()) {
        auto room = servers_.size() < kServers;
        at = servers_.try_emplace(room ? server : std::string("(others)")).first;
        at->second.window.resize(stages_.detectors.size());
        at->second.recent.resize(stages_.detectors.size());
    }
    return at->first;
}

void Window::merge(std::any& into, std::size_t detector, const std::any& state) const {
    if (into.has_value())
        stages_.detectors[detector].merge(into, state);
    else
        into = state;
}

void Window::take(const std::string& server, std::size_t detector, const std::any& state) {
    const auto& name = named(server);
    States& states = servers_.at(name);
    merge(states.window[detector], detector, state);
    merge(states.recent[detector], detector, state);
    touched_.emplace(name, detector);
    if (!judges_row_by_row(stages_.detectors[detector], state)) return;
    for (Finding& finding : stages_.detectors[detector].conclude(state, stages_.intel).findings)
        news_.push_back({name, std::move(finding)});
}

void Window::add(const std::string& server, const SavedStates& states) {
    for (const auto& [host, detectors] : states)
        for (const auto& [index, bytes] : detectors) {
            if (index >= stages_.detectors.size() || bytes == blank_[index]) continue;
            Reader in(as_bytes(bytes));
            auto state = stages_.detectors[index].load(in);
            if (!state) continue;  // a worker in the intruder's hands: its words are dropped
            recent_bytes_ += bytes.size();
            take(host.empty() ? server : short_name(host), index, *state);
        }
}

void Window::observe(const std::string& server, const RecordBatch& batch) {
    for (std::size_t i = 0; i < stages_.detectors.size(); ++i) {
        const Detector& detector = stages_.detectors[i];
        if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
        auto state = detector.begin();
        detector.observe(state, batch, stages_.intel);
        auto bytes = saved(detector, state);
        if (bytes == blank_[i]) continue;
        recent_bytes_ += bytes.size();
        take(server, i, state);
    }
}

std::vector<Window::Concluded> Window::conclude() {
    std::vector<Concluded> all;
    for (const auto& [server, detector] : std::exchange(touched_, {})) {
        auto conclusion = stages_.detectors[detector].conclude(servers_.at(server).window[detector], stages_.intel);
        for (Finding& finding : conclusion.findings) all.push_back({server, std::move(finding)});
    }
    auto news = std::exchange(news_, {});
    put_in_order(all);
    put_in_order(news);
    std::ranges::move(news, std::back_inserter(all));
    return all;
}

/// What was added bounds what the states take; only when that bound is reached are they measured.
bool Window::is_over(system_clock::time_point now) {
    if (recent_bytes_ >= kGenerationBytes) {
        recent_bytes_ = 0;
        for (const auto& [server, states] : servers_)
            for (std::size_t i = 0; i < states.recent.size(); ++i)
                if (states.recent[i].has_value()) recent_bytes_ += saved(stages_.detectors[i], states.recent[i]).size();
    }
    return now - began_ >= kGeneration || recent_bytes_ >= kGenerationBytes;
}

void Window::turn() {
    began_ = system_clock::now();
    recent_bytes_ = 0;
    for (auto at = servers_.begin(); at != servers_.end();) {
        States& states = at->second;
        states.window = std::exchange(states.recent, std::vector<std::any>(stages_.detectors.size()));
        bool is_empty = std::ranges::none_of(states.window, [](const std::any& state) { return state.has_value(); });
        at = is_empty ? servers_.erase(at) : std::next(at);
    }
}

bool Window::is_of_this_version(std::string_view bytes) {
    Reader in(as_bytes(bytes));
    return in.text("window.version").value_or("") == kVersion;
}

void Window::save(Writer& out) const {
    out.text(kVersion);
    out.little(std::chrono::duration_cast<std::chrono::seconds>(began_.time_since_epoch()).count());
    out.little(static_cast<std::uint64_t>(recent_bytes_));
    out.count(servers_.size());
    for (const auto& [server, states] : servers_) {
        out.text(server);
        for (const auto* list : {&states.window, &states.recent}) {
            out.count(static_cast<std::size_t>(
                std::ranges::count_if(*list, [](const std::any& state) { return state.has_value(); })));
            for (std::size_t i = 0; i < list->size(); ++i) {
                if (!(*list)[i].has_value()) continue;
                out.text(stages_.detectors[i].name);
                out.text(saved(stages_.detectors[i], (*list)[i]));
            }
        }
    }
}

void Window::clear() {
    servers_.clear();
    touched_.clear();
    news_.clear();
    began_ = system_clock::now();
    recent_bytes_ = 0;
}

Result<std::size_t> Window::load(Reader& in) {
    std::size_t left_out = 0;
    if (auto offset = in.offset(); TRY(in.text("window.version")) != kVersion)
        return std::unexpected(Error{Fault::unsupported, "window.version", offset});
    began_ = system_clock::time_point(std::chrono::seconds(TRY(in.little<std::int64_t>("window.began"))));
    recent_bytes_ = TRY(in.little<std::uint64_t>("window.bytes"));
    auto servers = TRY(in.count("window.servers"));
    for (std::uint32_t k = 0; k < servers; ++k) {
        auto server = TRY(in.text("window.server"));
        const auto& name_kept = named(std::string(server));
        States& states = servers_.at(name_kept);
        for (auto* list : {&states.window, &states.recent}) {
            auto count = TRY(in.count("window.states"));
            for (std::uint32_t i = 0; i < count; ++i) {
                auto name = TRY(in.text("window.detector"));
                auto bytes = TRY(in.text("window.state"));
                auto detector = std::ranges::find(stages_.detectors, name, &Detector::name);
                Reader inner(as_bytes(bytes));
                auto state = detector == stages_.detectors.end() ? Result<std::any>(std::any()) : detector->load(inner);
                if (!state || !state->has_value()) {
                    ++left_out;
                    continue;
                }
                auto place = static_cast<std::size_t>(detector - stages_.detectors.begin());
                (*list)[place] = std::move(*state);
                touched_.emplace(name_kept, place);
            }
        }
    }
    return left_out;
}

}  // namespace ascribe
