// What the machine tells: flows, signals, layers.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "shells/languages/front_end.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/machine.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostTrails = 100000;
constexpr std::uint32_t kMostEvaluated = 12;  // of one text
constexpr std::size_t kMostLoopLayers = 16;

bool is_run(Capability capability) {
    return capability == Capability::code || capability == Capability::command || capability == Capability::loader;
}

}  // namespace

void Machine::signal(std::string_view name, Span span, double value) {
    auto [at, fresh] = signal_of_.try_emplace(std::string(name), analysis_.signals.size());
    if (fresh) {
        auto known = std::find_if(analysis_.signals.begin(), analysis_.signals.end(),
                                  [&](const Signal& s) { return s.name == name; });
        if (known != analysis_.signals.end()) {
            at->second = static_cast<std::size_t>(known - analysis_.signals.begin());
        } else {
            analysis_.signals.push_back({std::string(name), value, place(span)});
            return;
        }
    }
    analysis_.signals[at->second].value += value;
}

Value Machine::source(Origin origin, std::string_view what, Span span) {
    Value value = Value::unknown();
    value.origins = bit(origin);
    if (trails_.size() < kMostTrails) {
        trails_.push_back({nullptr, place(span), what, 1, true});
        value.trail = &trails_.back();
    }
    return value;
}

void Machine::note(Value& value, std::string_view what, Span span) {
    if (trails_.size() >= kMostTrails) return;
    if (value.trail != nullptr && value.trail->length >= kMostTrail) return;
    std::uint16_t length = value.trail == nullptr ? 1 : static_cast<std::uint16_t>(value.trail->length + 1);
    trails_.push_back({value.trail, place(span), what, length, false});
    value.trail = &trails_.back();
}

bool Machine::guarded() const {
    for (const auto& frame : frames_) {
        if (frame.guarded) return true;
        for (const auto& region : frame.regions)
            if (region.guards) return true;
    }
    return false;
}

/// A check of something else is no check of this: dispatchers ask what to do before they do it with other data.
bool Machine::verified(const Value& data) const {
    const auto* from = root_of(data.trail);
    auto fits = [from](const Trail* verified) {
        if (verified == nullptr || from == nullptr) return true;
        const auto* root = root_of(verified);
        // The same field of a request, or the name that a file came with, read once more.
        bool known = from->what.ends_with("']") || ends_folded(from->what, ".filename");
        return root == from || (known && from->what == root->what);
    };
    return std::ranges::any_of(frames_, [&](const Frame& frame) {
        return std::ranges::any_of(frame.verified, fits) ||
               std::ranges::any_of(frame.regions,
                                   [&](const Region& region) { return region.verifies && fits(region.verified); });
    });
}

void Machine::able(Capability capability, bool deed) {
    auto one = 1u << static_cast<unsigned>(capability);
    capabilities_ |= one;
    if (deed) deeds_ |= one;
}

void Machine::flow(Capability capability, const Value& data, std::string_view sink_name, Span span, bool concealed) {
    able(capability, true);
    bool fetched = capability == Capability::dropper && strongest(data.origins) == Origin::network;
    if (data.relayed() && !is_run(capability) && !fetched) return flow(capability, Value::unknown(), sink_name, span);
    auto origin = data.tainted()               ? strongest(data.origins)
                  : data.kind == Kind::unknown ? Origin::unknown
                                               : Origin::constant;
    auto at = place(span);
    bool told = origin != Origin::unknown && origin != Origin::constant;
    auto key = fmt::format("{}/{}/{}", static_cast<int>(capability), static_cast<int>(origin), sink_name);
    if (told) key += fmt::format("/{}/{}", at.layer, span.offset);
    concealed = concealed || data.has(flag::decoded);
    bool is_guarded = guarded(), is_checked = data.has(flag::checked) || verified(data);
    auto [known, fresh] = flow_of_.try_emplace(key, analysis_.flows.size());
    if (!fresh) {
        auto& flow = analysis_.flows[known->second];
        flow.concealed = flow.concealed || concealed;
        flow.guarded = flow.guarded && is_guarded;
        flow.checked = flow.checked && is_checked;
        flow.whole = flow.whole || !data.has(flag::part);
        flow.led = flow.led && data.has(flag::led);
        return;
    }
    if (analysis_.flows.size() >= budget_.flows) {
        flow_of_.erase(known);
        return limit("flows");
    }
    Flow flow;
    flow.capability = capability;
    flow.origin = origin;
    flow.sink = std::string(sink_name);
    flow.concealed = concealed;
    flow.guarded = is_guarded;
    flow.checked = is_checked;
    flow.whole = !data.has(flag::part);
    flow.led = data.has(flag::led);
    for (const auto* step = data.trail; step != nullptr; step = step->before)
        flow.trail.push_back({step->place, std::string(step->what)});
    std::reverse(flow.trail.begin(), flow.trail.end());
    if (told && !flow.trail.empty()) flow.source = flow.trail.front().what;
    flow.trail.push_back({at, flow.sink});
    analysis_.flows.push_back(std::move(flow));
}

std::uint32_t Machine::add_layer(const Value& text, Language language, std::string how, Place from) {
    if (auto known = layer_of_.find(text.view); known != layer_of_.end()) return known->second;
    if (analysis_.layers.size() >= budget_.layers) {
        limit("layers");
        return 0;
    }
    layer_bytes_ += text.view.size();
    if (layer_bytes_ > budget_.layer_bytes) {
        limit("layer bytes");
        return 0;
    }
    auto number = static_cast<std::uint32_t>(analysis_.layers.size());
    layer_of_.emplace(texts_.emplace_back(text).view, number);
    Layer layer;
    layer.from = from;
    layer.how = std::move(how);
    layer.language = language;
    layer.text = text.view;
    analysis_.layers.push_back(std::move(layer));
    return number;
}

// "base64_decode, gzinflate, eval".
std::string Machine::how_of(const Value& value, std::string_view last) const {
    std::vector<std::string_view> names;
    for (const auto* step = value.trail; step != nullptr && names.size() < 12; step = step->before)
        names.push_back(step->what);
    std::string how;
    for (auto name = names.rbegin(); name != names.rend(); ++name) how.append(*name).append(", ");
    return how.append(last);
}

Value Machine::evaluate(const Value& code, Language language, std::string_view how, Span span) {
    if (code.kind != Kind::text || code.tainted()) {
        auto result = Value::unknown();
        taint(result, code);
        return result;
    }
    const auto* end = front_end(language);
    charge(code.view.size() / kLookedAtOnce);
    if (end == nullptr || over_ || trim(code.view).empty()) return Value::unknown();
    if (frames_.size() >= budget_.frames || frame().layer_depth >= budget_.depth) {
        limit("layer depth");
        return Value::unknown();
    }
    bool hidden = code.has(flag::decoded | flag::assembled);
    signal(hidden ? "conceal.layer" : "eval.constant", span);
    if (auto times = evaluated_.find(code.view); times != evaluated_.end() && ++times->second > kMostEvaluated) {
        limit("repeats");
        return Value::unknown();
    }
    std::uint32_t layer = add_layer(code, language, how_of(code, how), place(span));
    if (layer == 0) return Value::unknown();
    charge(code.view.size() / 16);
    auto text = texts_.emplace_back(code).view;  // lives as long as its steps
    evaluated_.try_emplace(text, 1);
    charge_bytes(text.size());
    Span where{0, static_cast<std::uint32_t>(text.size())};
    auto program = end->compile_code != nullptr ? end->compile_code(text, where) : end->compile(text, where);
    if (!charge_bytes(program.steps.size() * sizeof(Step))) return Value::unknown();
    auto& module = load(std::move(program), layer);
    auto depth = frames_.size();
    auto scope = frame().scope;
    auto self = frame().self;
    auto type = frame().type;
    auto guards = guarded();
    begin_frame(module, 0, static_cast<std::uint32_t>(module.program.steps.size()), std::move(scope));
    auto& at = frame();
    at.self = std::move(self);
    at.type = type;
    at.guarded = guards;
    ++at.layer_depth;
    run_to(depth);
    return pop().value;
}

void Machine::written(const Value& text, std::string_view how, Span span) {
    if (auto script = text.infection(); !script.empty()) return infected(script, how, span);
    if (text.kind != Kind::text || text.view.size() < 6) return;
    if (text.view == own_text()) signal("copies.itself", span);
    charge(text.view.size() / kLookedAtOnce);
    if (maps_to_php(text.view) || prepends_other(text.view)) signal("write.handler", span);
    auto language = script_in(text.view);
    if (language == Language::perl || is_silent(text.view)) return;
    signal("write.script", span);
    if (written_.size() >= kMostLoopLayers) return limit("written");
    auto before = analysis_.layers.size();
    auto layer = add_layer(text, language, how_of(text, how), place(span));
    if (layer == 0) return;
    Value constant = text;
    constant.origins = 0;
    flow(Capability::dropper, constant, how, span, text.has(flag::decoded | flag::assembled));
    if (analysis_.layers.size() > before) written_.push_back({layer, language});
}

/// What is put into other scripts speaks for itself: notices and checks of an application's own say nothing.
void Machine::infected(std::string_view script, std::string_view how, Span span) {
    if (written_.size() >= kMostLoopLayers) return limit("written");
    auto before = analysis_.layers.size();
    auto layer = add_layer(Value::text(std::string(script)), Language::php, how_of({}, how), place(span));
    if (analysis_.layers.size() > before) written_.push_back({layer, Language::php});
}

void Machine::lost(const Value& value, Span span) {
    if (value.kind == Kind::text && value.has(flag::decoded) && !value.tainted())
        written(value, "put into other text", span);
}

void Machine::finish() {
    for (unsigned i = 0; i <= static_cast<unsigned>(Capability::inform); ++i) {
        auto capability = static_cast<Capability>(i);
        auto& all = analysis_.capabilities;
        if ((capabilities_ >> i & 1) != 0 && std::find(all.begin(), all.end(), capability) == all.end())
            all.push_back(capability);
    }
}

}  // namespace ascribe::shells
