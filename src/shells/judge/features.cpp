#include "shells/judge/features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>

#include "base/text.hpp"
#include "shells/judge/decisive.hpp"
#include "shells/judge/family.hpp"
#include "shells/judge/ground.hpp"
#include "shells/judge/vocabulary.hpp"

namespace ascribe::shells {
namespace {

/// Text of one layer that is measured; a longer one is measured by its beginning.
constexpr std::size_t kMeasured = 1 << 20;
/// Layers measured.
constexpr std::size_t kLayers = 64;

class Collected {
public:
    void add(std::string name, double value, std::optional<Place> place = {}) {
        if (value == 0 || !std::isfinite(value)) return;
        auto [at, fresh] = features_.try_emplace(std::move(name), Feature{});
        at->second.value += value;
        if (fresh) at->second.place = place;
    }
    void set(std::string name, double value, std::optional<Place> place = {}) {
        if (!features_.contains(name)) add(std::move(name), value, place);
    }
    std::vector<Feature> take() {
        std::vector<Feature> all;
        for (auto& [name, feature] : features_) {
            feature.name = name;
            all.push_back(std::move(feature));
        }
        return all;
    }

private:
    std::map<std::string, Feature> features_;
};

std::string_view group(Origin origin) {
    switch (origin) {
        case Origin::request:
        case Origin::cookie:
        case Origin::header:
        case Origin::body: return "visitor";
        default: return to_string(origin);
    }
}

std::optional<Place> place_of(const Flow& flow) {
    return flow.trail.empty() ? std::nullopt : std::optional(flow.trail.back().place);
}

void add_flows(const Analysis& analysis, Collected& out) {
    for (const Flow& flow : analysis.flows) {
        auto place = place_of(flow);
        auto can = to_string(flow.capability);
        out.add(fmt::format("flow.{}.{}", can, group(flow.origin)), 1, place);
        if (flow.concealed) out.add(fmt::format("flow.{}.concealed", can), 1, place);
        if (flow.guarded) out.add(fmt::format("flow.{}.guarded", can), 1, place);
        if (group(flow.origin) == "visitor" && !flow.guarded) out.add(fmt::format("flow.{}.open", can), 1, place);
        if (flow.whole) out.add(fmt::format("flow.{}.whole", can), 1, place);
        if (flow.checked) out.add(fmt::format("flow.{}.checked", can), 1, place);
    }
    std::size_t kinds = 0;
    for (Capability capability : analysis.capabilities) {
        out.set(fmt::format("can.{}", to_string(capability)), 1);
        ++kinds;
    }
    out.add("can.kinds", static_cast<double>(kinds));
    if (!analysis.password.empty()) out.set("can.password", 1);
    // Each way to hide is rare; how many there are tells more.
    for (const Signal& signal : analysis.signals) {
        out.add("signal." + signal.name, signal.value, signal.place);
        if (signal.name.starts_with("conceal.")) out.add("hides.ways", 1, signal.place);
        if (signal.name.starts_with("callback.")) out.add("hides.callbacks", 1, signal.place);
    }
}

using Histogram = std::array<std::size_t, 256>;

/// Four tables in turn: the same byte twice in a row need not wait for its own count.
Histogram histogram_of(std::string_view text) {
    std::array<std::array<std::uint32_t, 256>, 4> lanes{};
    std::size_t i = 0;
    for (std::uint64_t eight = 0; i + sizeof eight <= text.size(); i += sizeof eight) {
        std::memcpy(&eight, text.data() + i, sizeof eight);
        for (std::size_t k = 0; k < sizeof eight; ++k, eight >>= 8) ++lanes[k % 4][eight & 0xFF];
    }
    for (; i < text.size(); ++i) ++lanes[0][static_cast<unsigned char>(text[i])];
    Histogram counts{};
    for (std::size_t byte = 0; byte < counts.size(); ++byte)
        for (const auto& lane : lanes) counts[byte] += lane[byte];
    return counts;
}

/// In bits a byte.
double entropy(const Histogram& counts, double size) {
    double bits = 0;
    for (auto count : counts)
        if (count > 0) {
            double share = static_cast<double>(count) / size;
            bits -= share * std::log2(share);
        }
    return bits;
}

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        auto end = std::min(text.find('\n'), text.size());
        longest = std::max(longest, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return longest;
}

void add_shape(std::string_view text, Collected& out) {
    if (text.empty()) return;
    auto counts = histogram_of(text);
    auto lines = counts['\n'] + 1, blank = counts[' '] + counts['\t'];
    auto longest = longest_line(text);
    std::size_t odd = 0, letters = 0, digits = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        auto count = counts[byte];
        odd += byte >= 0x80 || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') ? count : 0;
        letters += (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z' ? count : 0;
        digits += byte >= '0' && byte <= '9' ? count : 0;
    }
    auto size = static_cast<double>(text.size());
    out.set("shape.size", std::log2(size + 1));
    out.set("shape.longest_line", std::log2(static_cast<double>(longest) + 1));
    out.set("shape.mean_line", std::log2(size / static_cast<double>(lines) + 1));
    out.set("shape.odd_bytes", static_cast<double>(odd) / size);
    out.set("shape.blanks", static_cast<double>(blank) / size);
    out.set("shape.letters", static_cast<double>(letters) / size);
    out.set("shape.digits", static_cast<double>(digits) / size);
    out.set("shape.entropy", entropy(counts, size));
}

void add_words(const Analysis& analysis, Collected& out) {
    Words words;
    std::size_t measured = 0;
    for (const Layer& layer : analysis.layers) {
        if (measured++ >= kLayers) break;
        count_words(std::string_view(layer.text).substr(0, kMeasured), analysis.platform, words);
    }
    double kilobytes = std::max(words.code_bytes - std::min(words.comment_bytes, words.code_bytes), 1u) / 1024.0;
    int trades = 0;
    for (std::size_t i = 0; i < kTrades; ++i) {
        if (words.total[i] == 0) continue;
        auto name = to_string(static_cast<Trade>(i));
        Place place{0, words.first[i]};
        ++trades;
        out.set(fmt::format("words.{}", name), std::log2(1.0 + words.total[i]), place);
        out.set(fmt::format("kinds.{}", name), words.distinct[i], place);
        out.set(fmt::format("dense.{}", name), std::log2(1.0 + words.total[i] / kilobytes), place);
    }
    for (std::size_t from = 0; from < kTrades; ++from)
        for (std::size_t to = 0; to < kTrades; ++to)
            if (words.met[from][to] > 0)
                out.set(
                    fmt::format("met.{}.{}", to_string(static_cast<Trade>(from)), to_string(static_cast<Trade>(to))),
                    std::log2(1.0 + words.met[from][to]), Place{0, words.first[to]});
    double names = std::max(words.names, 1u);
    out.set("words.trades", trades);
    out.set("words.trades_dense", trades / (1.0 + std::log2(1.0 + kilobytes)));
    out.set("shape.short_names", words.short_names / names);
    out.set("shape.odd_names", words.odd_names / names);
    out.set("shape.comments", words.comment_bytes / std::max(1.0, static_cast<double>(words.code_bytes)));
    out.set("shape.functions", std::log2(1.0 + words.functions));
    out.set("shape.classes", std::log2(1.0 + words.classes));
    out.set("shape.includes", std::log2(1.0 + words.includes));
    out.set("shape.calls_of_values", std::log2(1.0 + words.calls_of_values));
    out.set("shape.longest_word", std::log2(1.0 + words.longest_word));
    out.set("shape.escapes", std::log2(1.0 + words.escapes));
    out.set("shape.escapes_dense", std::log2(1.0 + words.escapes / kilobytes));
    out.set("shape.forms", std::log2(1.0 + words.html_forms));
}

void add_layers(const Analysis& analysis, Collected& out) {
    if (analysis.layers.size() < 2) return;
    std::vector<std::uint32_t> depth(analysis.layers.size());
    std::uint32_t deepest = 0;
    std::size_t recovered = 0;
    for (std::size_t i = 1; i < analysis.layers.size(); ++i) {
        auto from = std::min<std::size_t>(analysis.layers[i].from.layer, i - 1);
        depth[i] = depth[from] + 1;
        deepest = std::max(deepest, depth[i]);
        recovered += analysis.layers[i].text.size();
    }
    auto own = static_cast<double>(std::max<std::size_t>(analysis.layers.front().text.size(), 1));
    out.set("layers.count", std::log2(static_cast<double>(analysis.layers.size())), analysis.layers[1].from);
    out.set("layers.depth", deepest, analysis.layers[1].from);
    out.set("layers.share", std::min(1.0, static_cast<double>(recovered) / own), analysis.layers[1].from);
}

struct Phrase {
    std::string_view prefix, sentence;  // {}: what follows the prefix
};

// The longest prefix that fits speaks.
constexpr Phrase kPhrases[] = {
    {"flow.code.visitor", "what a visitor sends is run as code"},
    {"flow.command.visitor", "what a visitor sends is run as a command of the system"},
    {"flow.include.visitor", "a visitor names a file that is run"},
    {"flow.file_write.visitor", "a visitor chooses what is written to a file, or where"},
    {"flow.upload.", "files that a visitor sends are stored"},
    {"flow.", "data reaches a dangerous place: {}"},
    {"can.kinds", "many capabilities together"},
    {"can.password", "a constant opens it"},
    {"can.", "it can do this: {}"},
    {"signal.conceal.", "it hides what it does: {}"},
    {"hides.ways", "ways of hiding what it does"},
    {"hides.callbacks", "functions handed to where nobody expects them"},
    {"signal.", "seen: {}"},
    {"layers.", "code was recovered from constants ({})"},
    {"words.trades", "many kinds of trade in one script"},
    {"words.", "names that serve this: {}"},
    {"kinds.", "different names that serve this: {}"},
    {"dense.", "names that serve this, for its length: {}"},
    {"met.", "in one statement: {}"},
    {"shape.", "how the text looks: {}"},
    {"ground", "something that intruders' scripts do and hardly any other"},
    {"platform.", "it is {}"},
    {"tool", "made as an administrator's tool"},
    {"bias", "how rare intruders' scripts are"},
};

}  // namespace

std::vector<Feature> features_of(const Analysis& analysis) {
    Collected out;
    add_flows(analysis, out);
    add_layers(analysis, out);
    if (!analysis.layers.empty()) add_shape(std::string_view(analysis.layers.front().text).substr(0, kMeasured), out);
    add_words(analysis, out);
    if (is_tool(analysis)) out.set("tool", 1);
    bool decisive = decisive_of(analysis).has_value();
    if (decisive) out.set("decisive", 1);
    if (is_shown(analysis, decisive)) out.set("ground", 1);
    out.set(fmt::format("platform.{}", to_string(analysis.platform)), 1);
    return out.take();
}

std::string describe(std::string_view name, double value) {
    const Phrase* best = nullptr;
    for (const Phrase& phrase : kPhrases)
        if (name.starts_with(phrase.prefix) && (best == nullptr || phrase.prefix.size() > best->prefix.size()))
            best = &phrase;
    if (best == nullptr) return fmt::format("{} is {:.3g}", name, value);
    std::string rest(name.substr(best->prefix.size()));
    std::ranges::replace(rest, '_', ' ');
    std::ranges::replace(rest, '.', ' ');
    std::string said(best->sentence);
    if (auto at = said.find("{}"); at != std::string::npos) said.replace(at, 2, rest);
    return value == 0 ? "not so: " + said : said;
}

}  // namespace ascribe::shells
