#include "engine/watch/top.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/watch/follower.hpp"
#include "engine/watch/traffic_fold.hpp"
#include "engine/watch/watch.hpp"
#include "engine/watch/window.hpp"

namespace ascribe {
namespace {

using namespace std::chrono_literals;

constexpr auto kShow = 250ms;  // four times a second: alive, and little for a slow line
constexpr Limits kRangeLimits{.data_bytes = 1ull << 30, .cpu_seconds = 20, .wall_seconds = 30};
const std::atomic<bool> kNeverStop = false;

/// Suspects and scanners, from findings as they come. Bounded as the window's detectors are.
class Suspects {
public:
    void take(const std::string& server, const Finding& finding) {
        auto name = !finding.address.empty() ? finding.address : !finding.page.empty() ? finding.page : server;
        auto key = std::pair(lower(name), finding.detector + '\n' + lower(finding.page));
        auto [at, added] = findings_.insert_or_assign(key, finding);
        at->second.evidence.clear();
        at->second.moments.clear();
    }

    void fill(TopView& view) const {
        std::map<std::string, Suspect> by_name;
        std::set<std::string> probed;
        for (const auto& [key, finding] : findings_) {
            if (finding.level == Level::scan) {
                probed.insert(key.first);
                continue;
            }
            Suspect& suspect = by_name[key.first];
            if (suspect.findings++ == 0 || finding.level > suspect.level) {
                suspect.level = finding.level;
                suspect.statement = finding.statement;
            }
            suspect.name = key.first;
            suspect.rows += finding.evidence_total;
            suspect.last = std::max({suspect.last, finding.last, finding.raw_time});
        }
        for (auto& [name, suspect] : by_name) {
            probed.erase(name);
            view.suspects.push_back(std::move(suspect));
        }
        view.scan_notes = probed.size();
        std::ranges::stable_sort(view.suspects, [](const Suspect& a, const Suspect& b) {
            return a.level != b.level ? a.level > b.level : a.last > b.last;
        });
    }

    void clear() { findings_.clear(); }

private:
    std::map<std::pair<std::string, std::string>, Finding> findings_;
};

}  // namespace

std::expected<void, std::string> top(const TopOptions& options, const Intel& intel,
                                     const std::function<bool(const TopView&)>& show,
                                     const std::function<void(const std::string&)>& note) {
    std::vector<Detector> folds(alarms().begin(), alarms().end());
    folds.push_back(traffic_fold());
    Stages stages{parsers(), folds, intel};
    auto folders = TRY(Folders::open(options.logs));
    Pool pool(options.workers, stages, options.isolation, kRangeLimits,
              options.stop != nullptr ? *options.stop : kNeverStop);
    Window window(stages);
    Suspects suspects;
    std::uint64_t bad = 0;
    // Counted apart from the window: traffic is bounded by itself and is of all that was read.
    const auto counter = static_cast<std::uint32_t>(folds.size() - 1);
    std::any traffic = folds[counter].begin();
    Follower follower(
        folders, pool, parsers(), From::start,
        [&](const NewPart& part, Reply&& reply) {
            bad += reply.bad;
            for (auto& [host, states] : reply.states)
                if (auto counted = states.extract(counter)) {
                    Reader in(as_bytes(counted.mapped()));
                    if (auto state = folds[counter].load(in)) folds[counter].merge(traffic, *state);
                }
            window.add(part.server, reply.states);
        },
        note);

    auto next_show = std::chrono::steady_clock::now() + kShow;
    int quiet = 0;
    for (bool more = true; more && !pool.stopped();) {
        follower.step();
        pool.pump(50ms, folders.descriptor());
        pool.pump(10ms);
        quiet = follower.idle() ? quiet + 1 : 0;
        if (std::chrono::steady_clock::now() < next_show) continue;
        next_show = std::chrono::steady_clock::now() + kShow;
        for (const auto& [server, finding] : window.conclude()) suspects.take(server, finding);
        if (window.is_over(std::chrono::system_clock::now())) {
            window.turn();
            suspects.clear();
        }
        TopView view;
        view.traffic = &traffic_of(traffic);
        suspects.fill(view);
        view.bad = bad;
        view.bytes = follower.bytes();
        view.logs = follower.logs();
        view.archives = follower.archives();
        view.reading = quiet < 3;
        more = show(view);
    }
    return {};
}

}  // namespace ascribe
