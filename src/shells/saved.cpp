#include "shells/saved.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace ascribe::shells {
namespace {

void save(const Place& place, Writer& out) {
    out.little(place.layer);
    out.little(place.span.offset);
    out.little(place.span.size);
}

Result<Place> load_place(Reader& in) {
    Place place;
    place.layer = TRY(in.little<std::uint32_t>("place.layer"));
    place.span.offset = TRY(in.little<std::uint32_t>("place.offset"));
    place.span.size = TRY(in.little<std::uint32_t>("place.size"));
    return place;
}

void save(double number, Writer& out) { out.little(std::bit_cast<std::uint64_t>(number)); }

Result<double> load_number(Reader& in) {
    auto bits = TRY(in.little<std::uint64_t>("number"));
    auto number = std::bit_cast<double>(bits);
    if (!(number > -1e6 && number < 1e6)) return std::unexpected(Error{Fault::bad_value, "number", in.offset()});
    return number;
}

template <class Enum>
Result<Enum> load_enum(Reader& in, Enum last, std::string_view what) {
    auto value = TRY(in.little<std::uint8_t>(what));
    if (value > static_cast<std::uint8_t>(last)) return std::unexpected(Error{Fault::bad_value, what, in.offset()});
    return static_cast<Enum>(value);
}

/// Counts what travels: at most kListed of each list.
template <class List>
std::size_t open_list(const List& list, Writer& out) {
    auto count = std::min(list.size(), kListed);
    out.count(count);
    return count;
}

Result<std::uint32_t> load_count(Reader& in, std::string_view what) {
    auto count = TRY(in.count(what));
    if (count > kListed) return std::unexpected(Error{Fault::too_large, what, in.offset(), count, kListed});
    return count;
}

void save(const Flow& flow, Writer& out) {
    out.little(static_cast<std::uint8_t>(flow.capability));
    out.little(static_cast<std::uint8_t>(flow.origin));
    out.little(static_cast<std::uint8_t>(flow.concealed | flow.guarded << 1 | flow.whole << 2 | flow.checked << 3 |
                                         flow.led << 4));
    out.text(flow.source);
    out.text(flow.sink);
    for (std::size_t i = 0, count = open_list(flow.trail, out); i < count; ++i) {
        save(flow.trail[i].place, out);
        out.text(flow.trail[i].what);
    }
}

Result<Flow> load_flow(Reader& in) {
    Flow flow;
    flow.capability = TRY(load_enum(in, Capability::inform, "flow.capability"));
    flow.origin = TRY(load_enum(in, Origin::unknown, "flow.origin"));
    auto flags = TRY(in.little<std::uint8_t>("flow.flags"));
    flow.concealed = (flags & 1) != 0;
    flow.guarded = (flags & 2) != 0;
    flow.whole = (flags & 4) != 0;
    flow.checked = (flags & 8) != 0;
    flow.led = (flags & 16) != 0;
    flow.source = TRY(in.text("flow.source"));
    flow.sink = TRY(in.text("flow.sink"));
    auto steps = TRY(load_count(in, "flow.trail"));
    for (std::uint32_t i = 0; i < steps; ++i) {
        TrailStep step;
        step.place = TRY(load_place(in));
        step.what = TRY(in.text("trail.what"));
        flow.trail.push_back(std::move(step));
    }
    return flow;
}

void save(const Layer& layer, Detail detail, Writer& out) {
    save(layer.from, out);
    out.text(layer.how);
    out.little(static_cast<std::uint8_t>(layer.language));
    out.little(static_cast<std::uint64_t>(layer.text.size()));
    out.text(detail == Detail::explanation ? std::string_view(layer.text).substr(0, kLayerText) : std::string_view{});
}

Result<Layer> load_layer(Reader& in) {
    Layer layer;
    layer.from = TRY(load_place(in));
    layer.how = TRY(in.text("layer.how"));
    layer.language = TRY(load_enum(in, Language::none, "layer.language"));
    layer.size = TRY(in.little<std::uint64_t>("layer.size"));
    layer.text = TRY(in.text("layer.text"));
    return layer;
}

void save(const Reason& reason, Writer& out) {
    out.text(reason.name);
    out.text(reason.sentence);
    save(reason.weight, out);
    out.little(static_cast<std::uint8_t>(reason.place.has_value()));
    if (reason.place) save(*reason.place, out);
}

Result<Reason> load_reason(Reader& in) {
    Reason reason;
    reason.name = TRY(in.text("reason.name"));
    reason.sentence = TRY(in.text("reason.sentence"));
    reason.weight = TRY(load_number(in));
    auto placed = TRY(in.little<std::uint8_t>("reason.placed"));
    if (placed != 0) reason.place = TRY(load_place(in));
    return reason;
}

}  // namespace

void save(const Analysis& analysis, Detail detail, Writer& out) {
    out.little(static_cast<std::uint8_t>(analysis.verdict));
    out.little(static_cast<std::uint8_t>(analysis.platform));
    save(analysis.probability, out);
    for (std::size_t i = 0, count = open_list(analysis.layers, out); i < count; ++i)
        save(analysis.layers[i], detail, out);
    for (std::size_t i = 0, count = open_list(analysis.flows, out); i < count; ++i) save(analysis.flows[i], out);
    for (std::size_t i = 0, count = open_list(analysis.reasons, out); i < count; ++i) save(analysis.reasons[i], out);
    for (std::size_t i = 0, count = open_list(analysis.capabilities, out); i < count; ++i)
        out.little(static_cast<std::uint8_t>(analysis.capabilities[i]));
    out.text(analysis.password);
    out.text(analysis.family);
    for (std::size_t i = 0, count = open_list(analysis.limits, out); i < count; ++i) out.text(analysis.limits[i]);
}

Result<Analysis> load(Reader& in) {
    Analysis analysis;
    analysis.verdict = TRY(load_enum(in, Verdict::malicious, "verdict"));
    analysis.platform = TRY(load_enum(in, Platform::unknown, "platform"));
    analysis.probability = TRY(load_number(in));
    auto layers = TRY(load_count(in, "layers"));
    for (std::uint32_t i = 0; i < layers; ++i) {
        auto layer = TRY(load_layer(in));
        analysis.layers.push_back(std::move(layer));
    }
    auto flows = TRY(load_count(in, "flows"));
    for (std::uint32_t i = 0; i < flows; ++i) {
        auto flow = TRY(load_flow(in));
        analysis.flows.push_back(std::move(flow));
    }
    auto reasons = TRY(load_count(in, "reasons"));
    for (std::uint32_t i = 0; i < reasons; ++i) {
        auto reason = TRY(load_reason(in));
        analysis.reasons.push_back(std::move(reason));
    }
    auto capabilities = TRY(load_count(in, "capabilities"));
    for (std::uint32_t i = 0; i < capabilities; ++i) {
        auto capability = TRY(load_enum(in, Capability::inform, "capability"));
        analysis.capabilities.push_back(capability);
    }
    analysis.password = TRY(in.text("password"));
    analysis.family = TRY(in.text("family"));
    auto limits = TRY(load_count(in, "limits"));
    for (std::uint32_t i = 0; i < limits; ++i) {
        auto limit = TRY(in.text("limit"));
        analysis.limits.emplace_back(limit);
    }
    return analysis;
}

}  // namespace ascribe::shells
