#include "detect/sigma/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "base/text_memo.hpp"
#include "detect/sigma/fold.hpp"
#include "detect/sigma/value.hpp"

namespace ascribe::sigma {
namespace {

/// Rules name a level by its number or as Event Viewer calls it.
/// https://learn.microsoft.com/windows/win32/wes/eventmanifestschema-leveltype-complextype
std::string_view word_of_level(std::optional<std::int64_t> level) {
    static constexpr std::string_view kWords[] = {"Information", "Critical",    "Error",
                                                  "Warning",     "Information", "Verbose"};
    return level && *level >= 0 && *level < std::ssize(kWords) ? kWords[*level] : std::string_view{};
}

/// Texts remembered, the longest that is, and what is remembered of one: 16 MB at most, and a few in practice.
constexpr std::size_t kRemembered = 1 << 13, kRememberedBytes = 512, kScansOfText = 8, kTruthsOfText = 64;
/// Names remembered by where they stand.
constexpr std::size_t kRecent = 1 << 10;
/// Names of fields remembered. Evidence may invent names without end.
constexpr std::size_t kNames = 16'384;
/// Texts made for values (numbers, joined and masked texts) lie in blocks of this size.
constexpr std::size_t kBlock = 256 << 10;

/// "Data[3]" is one more "Data"; names in templates may have spaces.
std::string plain_name(std::string_view name) {
    if (name.ends_with(']'))
        if (auto open = name.rfind('['); open != std::string_view::npos && open > 0) name = name.substr(0, open);
    std::string out(name);
    std::erase(out, ' ');
    return out;
}

/// Whether an item holds, given whether one of its values, by index, does.
bool holds_for(const Item& item, const auto& one) {
    bool truth = item.all;
    for (std::size_t i = 0; i < item.values.size(); ++i) {
        if (one(i) == item.all) continue;
        truth = !item.all;
        break;
    }
    return truth != item.negated;
}

}  // namespace

Matcher::Matcher(const RuleSet& rules) : rules_(rules) {
    first_.resize(rules.fields().size());
    atom_stamp_.resize(rules.atoms().size());
    recent_.resize(kRecent);
    memory_.resize(kRemembered);
    counters_.resize(kConditionDepth + 1);
    take_costs();
    for (std::uint32_t i = 0; i < rules.fields().size(); ++i)
        if (rules.fields()[i].kind == FieldPlace::Kind::named)
            ids_[fmt::format("{}{}", static_cast<int>(rules.fields()[i].record), rules.fields()[i].name)] = i;
    if (rules.keywords() != nullptr) rules.keywords()->grow(scratch_);
    rules.each_bucket([&](const Bucket& bucket) {
        if (bucket.addresses) bucket.addresses->literals.grow(scratch_);
    });
    rules.each_bucket([&](const Bucket& bucket) {
        if (met_.size() < bucket.programs.size()) met_.resize(bucket.programs.size());
        for (const Bucket::Field& field : bucket.fields) field.scanner->grow(scratch_);
    });
}

Matcher::~Matcher() { Scanner::release(scratch_); }

char* Matcher::room(std::size_t bytes) {
    if (blocks_.empty() || used_ + bytes > std::max(kBlock, bytes)) {
        if (!blocks_.empty()) ++block_;
        used_ = 0;
    }
    if (bytes > kBlock) {  // a value of its own size: kept for this row only
        blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(std::min(block_, blocks_.size())),
                       std::make_unique<char[]>(bytes));
        used_ = bytes;
        return blocks_[block_].get();
    }
    if (block_ >= blocks_.size()) blocks_.push_back(std::make_unique<char[]>(kBlock));
    char* place = blocks_[block_].get() + used_;
    used_ += bytes;
    return place;
}

std::string_view Matcher::fold(Text& text) {
    if (!text.is_folded) {
        char* out = room(text.raw.size());
        fold_to(text.raw, out);
        text.folded = {out, text.raw.size()};
        text.is_folded = true;
    }
    return text.folded;
}

std::string_view Matcher::text_of(const Cell& cell) {
    if (auto* text = std::get_if<std::string_view>(&cell)) return *text;
    if (auto* number = std::get_if<std::int64_t>(&cell)) {
        fmt::format_int digits(*number);
        char* out = room(digits.size());
        std::memcpy(out, digits.data(), digits.size());
        return {out, digits.size()};
    }
    return {};
}

std::uint32_t Matcher::add_value(std::string_view text) {
    values_.push_back({.raw = text, .folded = {}});
    return static_cast<std::uint32_t>(values_.size() - 1);
}

std::uint32_t Matcher::name_of(std::string_view name) {
    auto place = reinterpret_cast<std::uintptr_t>(name.data());
    Name& recent = recent_[(place >> 4 ^ place >> 14) % kRecent];
    if (recent.at == name.data() && owner_of_names_) return recent.field;
    auto at = names_.find(name);
    if (at == names_.end()) {
        auto known = ids_.find(fmt::format("{}{}", static_cast<int>(kind_), plain_name(name)));
        if (names_.size() >= kNames) names_.clear();
        at = names_.emplace(std::string(name), known == ids_.end() ? kNone : known->second).first;
    }
    recent = {name.data(), at->second};
    return at->second;
}

void Matcher::enter(const RecordBatch& batch) {
    if (batch.kind() != kind_) names_.clear();
    auto owner = batch.owner_of_names();
    if (batch.kind() != kind_ || owner != owner_of_names_ || !owner) std::ranges::fill(recent_, Name{});
    owner_of_names_ = std::move(owner);
    kind_ = batch.kind();
    may_have_keywords_ = true;
    if (rules_.keywords() == nullptr || !batch.keeps_all_texts) return;
    found_.clear();
    batch.arena().each_block([&](std::string_view texts) {
        if (found_.empty()) rules_.keywords()->scan(texts, scratch_, found_);
    });
    may_have_keywords_ = !found_.empty();
}

void Matcher::begin(const Row& row) {
    row_ = &row;
    if (++stamp_ >= (1U << 31)) {
        std::ranges::fill(first_, std::pair<std::uint32_t, std::uint32_t>{});
        std::ranges::fill(atom_stamp_, 0);
        std::ranges::fill(met_, Met{});
        stamp_ = 1;
    }
    values_.clear();
    hits_.clear();
    has_keyword_values_ = has_filed_ = false;
    if (blocks_.size() > 4) blocks_.clear();
    block_ = used_ = 0;
}

/// The field's value, looked up when a rule asks. Named fields are filed all at once, for the first that is asked for.
std::uint32_t Matcher::first_value(std::uint32_t field) {
    const FieldPlace& place = rules_.fields()[field];
    if (place.kind == FieldPlace::Kind::named && !has_filed_) file_fields();
    auto& [stamp, value] = first_[field];
    if (stamp == stamp_) return value;
    stamp = stamp_;
    value = kNone;
    std::string_view text;
    std::uint32_t more = kNone;  // a second value
    switch (place.kind) {
        case FieldPlace::Kind::named: return kNone;
        case FieldPlace::Kind::column:
            if (std::holds_alternative<std::monostate>(row_->cells[place.column])) return kNone;
            text = text_of(row_->cells[place.column]);
            if (kind_ == RecordKind::windows_event && place.column == WindowsEvent::level)
                if (auto word = word_of_level(row_->number(WindowsEvent::level)); !word.empty()) more = add_value(word);
            break;
        case FieldPlace::Kind::uri: {
            auto stem = row_->text(HttpRequest::stem), query = row_->text(HttpRequest::query);
            if (query.empty()) {
                text = stem;
                break;
            }
            more = add_value(query);  // some rules mean the query alone
            char* out = room(stem.size() + 1 + query.size());
            if (!stem.empty()) std::memcpy(out, stem.data(), stem.size());
            out[stem.size()] = '?';
            std::memcpy(out + stem.size() + 1, query.data(), query.size());
            text = {out, stem.size() + 1 + query.size()};
            break;
        }
        case FieldPlace::Kind::agent: {
            auto agent = row_->text(HttpRequest::user_agent);
            if (agent.find(' ') != std::string_view::npos) {  // other servers than IIS write spaces as they are
                text = agent;
                break;
            }
            char* out = room(agent.size());
            std::ranges::replace_copy(agent, out, '+', ' ');
            text = {out, agent.size()};
            break;
        }
    }
    if (text.empty() && place.kind != FieldPlace::Kind::column) return kNone;
    value = add_value(text);
    values_[value].next = more;
    return value;
}

/// The memory of a text, empty when it is new; nullptr for a text too long to be remembered, or that whoever asks
/// remembers.
Matcher::Known* Matcher::known(Text& text) {
    if (!remembers_) return nullptr;
    if (text.is_looked_up) return text.known;
    text.is_looked_up = true;
    if (text.raw.size() > kRememberedBytes) return nullptr;
    auto hash = quick_hash(text.raw);
    Known& known = memory_[hash % kRemembered];
    if (known.hash != hash || known.text != text.raw) {
        known.hash = hash;
        known.text = text.raw;
        known.scans.clear();
        known.truths.clear();
    }
    return text.known = &known;
}

/// What the field's scanner finds in a text.
const std::vector<std::uint32_t>& Matcher::anchors_in(const Bucket::Field& field, Text& text) {
    auto scan = [&](std::vector<std::uint32_t>& found) {
        found.clear();
        field.scanner->scan(field.scanner->needs_utf8() ? text.raw : fold(text), scratch_, found);
    };
    if (Known* known = this->known(text)) {
        for (const Known::Scan& scanned : known->scans)
            if (scanned.field == &field) return scanned.found;
        if (known->scans.size() < kScansOfText) {
            known->scans.push_back({&field, {}});
            scan(known->scans.back().found);
            return known->scans.back().found;
        }
    }
    scan(found_);
    return found_;
}

void Matcher::meet(const Bucket& bucket, Bucket::Mark mark) {
    Met& met = met_[mark.program];
    if (met.stamp != stamp_) met = {stamp_, 0};
    auto needed = (needed_ != nullptr ? *needed_ : bucket.needed)[mark.program];
    if (needed == 0) return;
    bool was = (met.bits & needed) == needed;
    met.bits |= mark.bit;
    if (!was && (met.bits & needed) == needed) candidates_.push_back(mark.program);
}

void Matcher::look_in(const Bucket& bucket, const Bucket::Field& field, std::uint32_t value) {
    Text& text = values_[value];
    if (text.raw.size() < field.shortest) return;
    if (field.scanner->needs_utf8() && !is_utf8(text.raw)) {  // the expressions' automaton is made for text
        for (const auto& marks : field.marks)
            for (auto mark : marks) meet(bucket, mark);
        return;
    }
    for (auto anchor : anchors_in(field, text))
        for (auto mark : field.marks[anchor]) meet(bucket, mark);
}

std::span<const Hit> Matcher::match(const Row& row) {
    begin(row);
    std::int64_t id = 0;
    if (kind_ == RecordKind::windows_event) {
        auto channel = row.text(WindowsEvent::channel);
        if (channel != channel_ || folded_channel_.empty()) {
            channel_ = channel;
            folded_channel_ = lower(channel);
        }
        id = row.number(WindowsEvent::event_id).value_or(0);
    } else {
        folded_channel_.clear();
    }
    const Bucket* bucket = rules_.bucket(kind_, folded_channel_, id);
    relevant_ = bucket != nullptr;
    if (bucket == nullptr) return {};
    candidates_ = bucket->always;
    for (const Bucket::Field& field : bucket->fields) {
        if (field.field == kKeyword && !may_have_keywords_) continue;
        if (field.field == kKeyword)
            for (auto value : all_values()) look_in(*bucket, field, value);
        else
            for (auto value = first_value(field.field); value != kNone; value = values_[value].next)
                look_in(*bucket, field, value);
    }
    std::ranges::sort(candidates_);
    return judge_candidates(*bucket);
}

std::span<const Hit> Matcher::match(const Row& row, const Bucket& bucket, std::span<const std::uint32_t> programs) {
    begin(row);
    relevant_ = true;
    candidates_.assign(programs.begin(), programs.end());
    return judge_candidates(bucket);
}

/// The row's named fields, by name.
void Matcher::file_fields() {
    has_filed_ = true;
    for (const Field& field : row_->fields) {
        auto name = name_of(field.name);
        if (name == kNone) continue;
        auto value = add_value(text_of(field.value));
        auto& [stamp, first] = first_[name];
        if (stamp != stamp_) first = kNone;
        stamp = stamp_;
        values_[value].next = first;
        first = value;
    }
}

std::span<const Hit> Matcher::judge_candidates(const Bucket& bucket) {
    for (auto candidate : candidates_) {
        auto index = bucket.programs[candidate];
        const Program& program = rules_.programs()[index];
        if (!hits_.empty() && hits_.back().rule == program.rule) continue;
        ++costs_[program.rule].judged;
        if (!run(program)) continue;
        ++costs_[program.rule].held;
        hits_.push_back({program.rule, index, program.scan});
    }
    return hits_;
}

bool Matcher::run(const Program& program) {
    using Op = Program::Op;
    bool truth = false;
    for (std::size_t i = 0; i < program.steps.size(); ++i) {
        const auto& step = program.steps[i];
        switch (step.op) {
            case Op::test: truth = holds(step.argument); break;
            case Op::jump_if_false:
                if (!truth) i = step.argument - 1;
                break;
            case Op::jump_if_true:
                if (truth) i = step.argument - 1;
                break;
            case Op::negate: truth = !truth; break;
            case Op::count_begin: counters_[step.argument] = 0; break;
            case Op::count_add: counters_[step.argument] += truth ? 1 : 0; break;
            case Op::count_end: truth = counters_[step.argument] >= step.least; break;
        }
    }
    return truth;
}

bool Matcher::holds(std::uint32_t atom) {
    auto& known = atom_stamp_[atom];
    if (known >> 1 != stamp_) known = stamp_ << 1 | (judge(atom) ? 1U : 0U);
    return (known & 1) != 0;
}

bool Matcher::judge(std::uint32_t index) {
    const Atom& atom = rules_.atoms()[index];
    if (atom.field == kKeyword) return keyword(atom);
    auto first = first_value(atom.field);
    bool is_single = first != kNone && values_[first].next == kNone && atom.references.empty();
    Known* known = is_single ? this->known(values_[first]) : nullptr;
    if (known == nullptr) return compare(atom, first);
    for (auto [of, truth] : known->truths)
        if (of == index) return truth;
    bool truth = compare(atom, first);
    if (known->truths.size() < kTruthsOfText) known->truths.emplace_back(index, truth);
    return truth;
}

bool Matcher::compare(const Atom& atom, std::uint32_t first) {
    const Item& item = *atom.item;
    bool present = first != kNone;
    auto one = [&](std::size_t index) {
        const Value& value = item.values[index];
        if (value.kind == Value::Kind::exists) return present == value.exists;
        if (value.kind == Value::Kind::null && !present) return true;
        for (auto at = first; at != kNone; at = values_[at].next)
            if (satisfied(atom, index, at)) return true;
        return false;
    };
    return holds_for(item, one);
}

bool Matcher::satisfied(const Atom& atom, std::size_t index, std::uint32_t at) {
    const Value& value = atom.item->values[index];
    if (value.kind == Value::Kind::field) return refers(value, at, first_value(atom.references.at(index)));
    Text& text = values_[at];
    if (value.kind != Value::Kind::text || atom.item->part != TimePart::none)
        return is_met(value, atom.item->part, text.raw);
    auto folded = fold(text);
    return std::ranges::any_of(value.patterns,
                               [&](const Pattern& pattern) { return pattern.matches(text.raw, folded); });
}

/// Whether a field's value is to any of another's as a `fieldref` wants it.
bool Matcher::refers(const Value& value, std::uint32_t at, std::uint32_t other) {
    auto text_of = [&](std::uint32_t place) { return value.cased ? values_[place].raw : fold(values_[place]); };
    auto mine = text_of(at);
    for (; other != kNone; other = values_[other].next) {
        auto theirs = text_of(other);
        if (value.starts && value.ends ? mine.find(theirs) != std::string_view::npos
            : value.starts             ? mine.starts_with(theirs)
            : value.ends               ? mine.ends_with(theirs)
                                       : mine == theirs)
            return true;
    }
    return false;
}

/// Every text of the row.
std::span<const std::uint32_t> Matcher::all_values() {
    if (!has_keyword_values_) {
        has_keyword_values_ = true;
        keyword_values_.clear();
        for (const Cell& cell : row_->cells)
            if (!std::holds_alternative<std::monostate>(cell)) keyword_values_.push_back(add_value(text_of(cell)));
        for (const Field& field : row_->fields) keyword_values_.push_back(add_value(text_of(field.value)));
    }
    return keyword_values_;
}

/// Keywords are looked for in every text of the event, one by one.
bool Matcher::keyword(const Atom& atom) {
    all_values();
    const Item& item = *atom.item;
    auto one = [&](std::size_t index) {
        return std::ranges::any_of(keyword_values_, [&](std::uint32_t value) { return satisfied(atom, index, value); });
    };
    return holds_for(item, one);
}

std::vector<Matcher::Cost> Matcher::take_costs() {
    auto taken = std::move(costs_);
    std::erase_if(taken, [](const Cost& cost) { return cost.judged == 0; });
    costs_.clear();
    for (std::uint32_t rule = 0; rule < rules_.rules().size(); ++rule) costs_.push_back({rule, 0, 0});
    return taken;
}

std::optional<std::string_view> Matcher::field(const Hit& hit, const std::string& name) {
    const auto& fields = rules_.programs()[hit.program].names;
    auto at = fields.find(name);
    if (at == fields.end()) return {};
    auto value = first_value(at->second);
    return value == kNone ? std::nullopt : std::optional(values_[value].raw);
}

std::vector<std::pair<std::string_view, std::string_view>> Matcher::matched_fields(const Hit& hit) {
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    for (const auto& step : rules_.programs()[hit.program].steps) {
        if (step.op != Program::Op::test) continue;
        const Atom& atom = rules_.atoms()[step.argument];
        if (atom.field == kKeyword || !holds(step.argument)) continue;
        auto value = first_value(atom.field);
        if (value == kNone) continue;
        std::string_view name = atom.item->field;
        if (std::ranges::find(fields, name, &std::pair<std::string_view, std::string_view>::first) == fields.end())
            fields.emplace_back(name, values_[value].raw);
    }
    return fields;
}

}  // namespace ascribe::sigma
