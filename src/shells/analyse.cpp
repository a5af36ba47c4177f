#include "shells/analyse.hpp"

#include <algorithm>
#include <deque>

#include "base/text.hpp"
#include "shells/assembly.hpp"
#include "shells/languages/front_end.hpp"
#include "shells/page/configuration.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"

namespace ascribe::shells {
namespace {

/// A page that is still to be run: a file, or what a script would write to one.
struct Job {
    std::uint32_t layer = 0;
    Language language = Language::none;  // none: the page itself tells
};

/// A page that poses as a picture: whoever checks what is uploaded looks at the first bytes.
bool poses_as_picture(std::string_view bytes) {
    for (std::string_view magic : {"GIF8", "\x89PNG", "\xFF\xD8\xFF"})
        if (bytes.starts_with(magic)) return true;
    return false;
}

Language language_of(const Page& page) {
    if (page.units.empty()) return Language::none;
    auto first = page.units.front().language;
    bool same = std::ranges::all_of(page.units, [&](const Unit& unit) { return unit.language == first; });
    return same ? first : Language::none;
}

// Each page is run by a machine of its own: nothing it defines is seen by the others.
void run(Analysis& analysis, const Job& job, std::string_view path, const Budget& budget, std::vector<Job>& more) {
    // The bytes of a text stay where they are when the layers grow, except those of one so short that it has no heap.
    std::string small;
    std::string_view text = analysis.layers[job.layer].text;
    if (text.size() <= small.capacity()) text = small = text;
    Machine machine(analysis, budget);
    std::deque<Unit> units;
    if (job.language == Language::php) {
        units.push_back({Language::php, {}, {}, {0, static_cast<std::uint32_t>(text.size())}});
    } else {
        auto page = read_page(text, path);
        if (job.layer == 0) analysis.platform = page.platform;
        analysis.layers[job.layer].language = language_of(page);
        for (auto& unit : page.units) units.push_back(std::move(unit));
    }
    for (auto& unit : units) {
        const auto* end = front_end(unit.language);
        if (end == nullptr) continue;
        auto layer = job.layer;
        std::string_view source = unit.text.empty() ? text : std::string_view(unit.text);
        if (!unit.how.empty()) {
            if (analysis.layers.size() >= budget.layers) break;
            layer = static_cast<std::uint32_t>(analysis.layers.size());
            Layer unfolded;
            unfolded.from = {job.layer, unit.where};
            unfolded.how = unit.how;
            unfolded.language = unit.language;
            bool has_heap = unit.text.size() > small.capacity();
            unfolded.text = has_heap ? std::move(unit.text) : unit.text;
            analysis.layers.push_back(std::move(unfolded));
            if (has_heap) source = analysis.layers.back().text;
        }
        machine.run(end->compile(source, {0, static_cast<std::uint32_t>(source.size())}), layer);
        if (machine.over()) break;
    }
    machine.finish();
    for (const auto& written : machine.take_written()) more.push_back({written.layer, written.language});
}

}  // namespace

Analysis analyse(std::string_view path, std::string_view bytes, const Budget& budget) {
    Analysis analysis;
    if (is_assembly(bytes)) {  // a precompiled page, or something dropped beside one: triage by what it refers to
        Layer layer;
        layer.text = std::string(bytes);
        analysis.layers.push_back(std::move(layer));
        analysis.platform = Platform::aspnet;
        analysis.signals = signals_of(read_assembly(bytes));
        if (!contains_folded(bytes, "<?php")) return analysis;
        analysis.platform = Platform::php;  // which runs what stands in any file
        std::vector<Job> written;
        run(analysis, {0, Language::php}, path, budget, written);
        return analysis;
    }
    auto decoded = decode(bytes);
    Layer layer;
    layer.how = decoded.how;
    layer.text = std::move(decoded.text);
    analysis.layers.push_back(std::move(layer));

    if (is_configuration(path)) analysis.signals = signals_of_configuration(analysis.layers.front().text);
    std::vector<Job> jobs{{0, Language::none}};
    for (std::size_t i = 0; i < jobs.size() && i < budget.layers; ++i) {
        auto job = jobs[i];  // a copy: jobs grow below
        auto left = budget;
        if (i > 0) left.work /= 4;
        run(analysis, job, i == 0 ? path : std::string_view{}, left, jobs);
    }
    if (poses_as_picture(bytes) && contains_folded(bytes, "<?php"))
        analysis.signals.push_back({"conceal.in_picture", 1, Place{0, {0, 4}}});
    return analysis;
}

}  // namespace ascribe::shells
