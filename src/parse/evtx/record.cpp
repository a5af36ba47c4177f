// Fragments and plans wait on a stack of frames, never on the machine's: the record's own fragment, the template it
// instantiates, and the fragments that lie in values.
#include "parse/evtx/record.hpp"

#include <utility>

#include "base/text.hpp"

namespace ascribe::evtx {
namespace {

/// A chunk that took more has rows of very many fields: a batch of those is passed on before it has all its rows.
constexpr std::size_t kManySteps = 1 << 18;
constexpr std::size_t kDescriptor = 4;  // of a value: size, type, and a byte of no known meaning

}  // namespace

void RecordReader::enter(std::span<const std::byte> bytes, std::uint64_t start) {
    chunk_ = {bytes, start, kind_ == RecordKind::recovered_event};
    ++chunk_number_;
    if (steps_ > kManySteps) batcher_.flush();
    steps_ = text_ = 0;
}

Result<void> RecordReader::read(std::size_t begin, std::size_t end, const EventPlace& place) {
    if (library_->is_full()) {
        library_ = Library::shared();
        known_ = {};
    }
    batch_ = &batcher_.batch(kind_);
    cells_ = batch_->append(kNoTime, place.offset, place.size, place.line);
    batch_->hold(library_);
    batch_->keeps_all_texts = true;
    auto done = follow(begin, end);
    if (done) done = finish(place);
    if (!done) batch_->drop_last();
    if (!done || found_.host == batch_->host) return done;
    // The host is known now; its rows go to a batch of its own.
    std::string host(found_.host);
    if (batch_->size() == 1) {
        batch_->host = host;
        return {};
    }
    batch_->drop_last();
    batch_ = &batcher_.batch(kind_, host);
    cells_ = batch_->append(kNoTime, place.offset, place.size, place.line);
    batch_->hold(library_);
    batch_->keeps_all_texts = true;
    TRY(follow(begin, end));
    return finish(place);
}

Result<void> RecordReader::follow(std::size_t begin, std::size_t end) {
    found_ = {};
    unnamed_ = 0;
    frames_.clear();
    values_.clear();
    local_.clear();
    gathered_.clear();
    if (end > chunk_.bytes.size() || begin > end)
        return std::unexpected(
            Error{Fault::truncated, "evtx.xml.fragment", chunk_.start + begin, end, chunk_.bytes.size()});
    TRY(push({.at = begin, .end = end, .within = &library_->root()}));
    while (!frames_.empty()) TRY(frames_.back().plan != nullptr ? steps() : fragment());
    return {};
}

Result<void> RecordReader::finish(const EventPlace& place) {
    if (!found_.has_id || !(found_.places[WindowsEvent::channel] || found_.places[WindowsEvent::provider]))
        return std::unexpected(Error{Fault::bad_value, "event.identity", place.offset, 0, place.size});
    batch_->set_time(found_.created != kNoTime ? found_.created : place.fallback);
    return {};
}

Result<void> RecordReader::push(Frame frame) {
    if (frames_.size() == kNestingLimit)
        return std::unexpected(Error{Fault::too_deep, "evtx.xml.nesting", chunk_.start + frame.at, 0, kNestingLimit});
    frame.values = values_.size();
    frames_.push_back(frame);
    return {};
}

/// What a fragment begins with: nearly always a template instance and nothing else.
Result<void> RecordReader::fragment() {
    Frame& frame = frames_.back();
    auto in = TRY(chunk_.reader(frame.at, frame.end, "evtx.xml.fragment"));
    while (in.left() > 0) {
        auto token = TRY(in.little<std::uint8_t>("evtx.xml.token"));
        if (token == kEnd) break;
        if (token == kFragmentHeader) {
            TRY(in.take(3, "evtx.xml.fragment_header"));
            continue;
        }
        if (token == kTemplateInstance) {
            auto instance = TRY(read_instance(chunk_, in));
            frame.at = chunk_.position(in);
            return enter_instance(instance, *frame.within);
        }
        // Elements without a template: those that differ in their texts alone share a plan, as if they had one. It is
        // likely the one that events of this id had at this place.
        constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio: no two ids meet
        auto* id = std::get_if<std::int64_t>(&cells_[WindowsEvent::event_id]);
        auto name = reinterpret_cast<std::uintptr_t>(frame.value) / sizeof(Step) +
                    (id != nullptr ? static_cast<std::uint64_t>(*id) * kSpread : 0);
        frame.plan = TRY(plan_of(chunk_.position(in) - 1, frame.end, false, name, *frame.within));
        frame.at = 0;
        values_.insert(values_.end(), flat_.texts.begin(), flat_.texts.end());
        return {};
    }
    values_.resize(frame.values);
    frames_.pop_back();
    return {};
}

Result<void> RecordReader::enter_instance(const Instance& instance, const Node& within) {
    auto* plan = TRY(plan_of(instance, within));
    if (plan->least_values > instance.count)
        return std::unexpected(Error{Fault::bad_value, "evtx.substitution.index", chunk_.start + instance.descriptors,
                                     plan->least_values - 1, instance.count});
    steps_ += instance.count;
    TRY(push({.plan = plan, .within = &within}));
    auto descriptors = chunk_.bytes.subspan(instance.descriptors, instance.count * kDescriptor);
    auto at = instance.values;  // read_instance has seen that all of them fit
    values_.reserve(values_.size() + instance.count);
    for (std::size_t i = 0; i < descriptors.size(); i += kDescriptor) {
        auto size = static_cast<std::size_t>(descriptors[i]) | static_cast<std::size_t>(descriptors[i + 1]) << 8;
        values_.push_back({static_cast<std::uint8_t>(descriptors[i + 2]), chunk_.bytes.subspan(at, size), at});
        at += size;
    }
    return {};
}

/// The plan of an instance's template, by its place for as long as the chunk lasts, else by what it says.
Result<const Plan*> RecordReader::plan_of(const Instance& instance, const Node& within) {
    auto& known =
        known_[(instance.definition ^ instance.definition >> 8 ^ (within.is_root ? 0x55 : 0)) % known_.size()];
    if (known.chunk == chunk_number_ && known.definition == instance.definition && known.within == &within)
        return known.plan;
    auto* plan = TRY(plan_of(instance.begin, instance.end, true, instance.name, within));
    if (!plan->tokens.empty()) known = {chunk_number_, instance.definition, &within, plan};
    return plan;
}

/// The plan of the tokens in [begin, end), which are likely those of what had the same name before.
Result<const Plan*> RecordReader::plan_of(std::size_t begin, std::size_t end, bool is_template, std::uint64_t name,
                                          const Node& within) {
    auto& candidates = library_->candidates(name);
    for (const Plan* plan : candidates.plans)
        if (plan != nullptr && plan->within == &within &&
            reads_as(chunk_, begin, end, is_template, plan->tokens, flat_)) {
            steps_ += flat_.count;
            candidates.put_first(plan);
            return plan;
        }
    TRY(flatten(chunk_, begin, end, is_template, flat_));
    steps_ += flat_.count;
    if (!flat_.is_local) {
        auto* plan = TRY(library_->plan(flat_, within));
        candidates.put_first(plan);
        return plan;
    }
    local_.push_back(std::make_unique<const Plan>(TRY(make_plan(flat_, within, *library_))));
    return local_.back().get();
}

/// Goes on with the plan on top until another frame is put over it, or it ends.
Result<void> RecordReader::steps() {
    Frame& frame = frames_.back();
    const auto depth = frames_.size();
    const std::span<const Step> steps = frame.plan->steps;
    while (frame.at < steps.size()) {
        if (++steps_ > kChunkSteps || text_ > kChunkText)
            return std::unexpected(Error{Fault::too_large, "evtx.xml.work", chunk_.start, steps_, text_});
        const Step& step = steps[frame.at++];
        switch (step.kind) {
            case Step::Kind::value:
                if (plain_value(frame, step)) continue;
                TRY(value(frame, step));
                break;
            case Step::Kind::constant: leaf(frame, step, step.text, {}); break;
            case Step::Kind::piece_value: TRY(value(frame, step)); break;
            case Step::Kind::gather:
                frame.gathered = gathered_.size();
                frame.is_absent = false;
                break;
            case Step::Kind::piece_constant: gathered_ += step.text; break;
            case Step::Kind::gathered: {
                auto text = std::string_view(gathered_).substr(frame.gathered);
                if (!text.empty() || step.attribute || step.keeps_empty) leaf(frame, step, text, {});
                gathered_.resize(frame.gathered);
                break;
            }
            case Step::Kind::renamed:
                frame.is_renamed = !frame.is_absent;
                frame.renamed = library_->datum(std::string_view(gathered_).substr(frame.gathered));
                gathered_.resize(frame.gathered);
                break;
            case Step::Kind::instance: {
                auto in = TRY(chunk_.reader(step.position, chunk_.bytes.size(), "evtx.template.instance"));
                auto instance = TRY(read_instance(chunk_, in));
                TRY(enter_instance(instance, *step.node));
                break;
            }
        }
        if (frames_.size() != depth) return {};
    }
    values_.resize(frame.values);
    frames_.pop_back();
    return {};
}

/// The common case of value(): a single value that is there and goes to a field of its own name. False when it is not.
bool RecordReader::plain_value(const Frame& frame, const Step& step) {
    const Value& value = values_[frame.values + step.index];
    if (step.place != kEventPlaces || step.unnamed || step.by_name || value.type == kNull || value.type >= kBinXml ||
        value.raw.empty())
        return false;
    text_ += value.raw.size();
    auto text = text_of(value.type, value.raw, batch_->arena());
    if (!text.empty() || step.attribute || step.keeps_empty) batch_->add_field(step.field, text);
    return true;
}

Result<void> RecordReader::value(Frame& frame, const Step& step) {
    const Value& value = values_[frame.values + step.index];
    if (value.type == kBinXml) {
        if (step.attribute) return {};
        return push({.at = value.at, .end = value.at + value.raw.size(), .within = step.node, .value = &step});
    }
    bool absent = value.type == kNull || (step.optional && value.raw.empty());
    text_ += value.raw.size();
    if (step.kind == Step::Kind::piece_value) {
        if (absent)
            frame.is_absent = step.optional;
        else
            piece(frame, step, value);
        return {};
    }
    if (absent) {
        if (step.attribute ? !step.optional : step.keeps_empty) leaf(frame, step, {}, {});
    } else if (value.is_array()) {
        array(frame, step, value);
    } else if (auto text = text_of(value.type, value.raw, batch_->arena());
               !text.empty() || step.attribute || step.keeps_empty) {
        leaf(frame, step, text, value);
    }
    return {};
}

void RecordReader::piece(const Frame& frame, const Step& step, const Value& value) {
    if (value.is_array() && !step.attribute) return array(frame, step, value);
    if (!value.is_array()) {
        gathered_ += text_of(value.type, value.raw, batch_->arena());
        return;
    }
    auto raw = value.raw;
    for (bool first = true; !raw.empty(); first = false) {
        if (!first) gathered_ += ',';
        gathered_ += next_item(value.type, raw, batch_->arena());
    }
}

/// An element whose content is an array stands for as many elements; an attribute has them all.
void RecordReader::array(const Frame& frame, const Step& step, const Value& value) {
    auto raw = value.raw;
    if (raw.empty() && (step.attribute || step.keeps_empty)) leaf(frame, step, {}, {});
    if (!step.attribute) {
        for (; !raw.empty(); ++steps_) leaf(frame, step, next_item(value.type, raw, batch_->arena()), {});
        return;
    }
    std::string joined;
    for (; !raw.empty(); ++steps_) {
        if (!joined.empty()) joined += ',';
        joined += next_item(value.type, raw, batch_->arena());
    }
    leaf(frame, step, batch_->keep(joined), {});
}

/// Puts a leaf where it belongs. `text` lives in the arena, in the plan or in what is being gathered; `value` is what
/// it was made of, or null.
void RecordReader::leaf(const Frame& frame, const Step& step, std::string_view text, const Value& value) {
    if (value.type == kNull) text = batch_->keep(text);
    if (step.by_name && frame.is_renamed) return batch_->add_field(frame.renamed, text);
    if (step.unnamed) return batch_->add_field(library_->unnamed(unnamed_++), text);
    auto place = step.place;
    if (place == kEventPlaces || found_.places[place]) return batch_->add_field(step.field, text);
    found_.places[place] = true;
    if (place >= WindowsEvent::kColumns) {
        batch_->add_field(step.field, text);  // times stay readable, whichever becomes the row's
        if (place == kEventCreated) {
            auto time = time_of(value.type, value.raw);
            if (!time) time = parse_time(text);
            if (time && is_log_time(*time)) found_.created = *time;
        }
        if (place == kEventHost && found_.host.empty()) found_.host = text;
        return;
    }
    if (place == WindowsEvent::computer) found_.host = text;
    bool is_number =
        place == WindowsEvent::event_id || place == WindowsEvent::level || place == WindowsEvent::record_id;
    if (!is_number) {
        if (!text.empty()) cells_[place] = text;
        return;
    }
    auto number = number_of(value.type, value.raw);
    if (!number) number = place == WindowsEvent::level ? event_level(text) : parse_number(text);
    if (place == WindowsEvent::event_id) {
        found_.has_id = number.has_value();
        if (number) *number &= 0xFFFF;  // old shippers leave qualifiers above
    }
    if (number) cells_[place] = *number;
}

}  // namespace ascribe::evtx
