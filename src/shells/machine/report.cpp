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

/// Whether a list is a program of the script's own and its arguments, no interpreter that takes one as a script.
bool names_program(const Value& value) {
    constexpr std::string_view kInterpreters[] = {"powershell", "pwsh", "python", "python3", "perl", "php",  "ruby",
                                                  "node",       "env",  "sudo",   "busybox", "nc",   "ncat", "cmd.exe"};
    if (value.kind != Kind::list || value.list().items.size() < 2) return false;
    const auto& first = behind(value.list().items.front().value);
    if (first.kind != Kind::text || first.tainted() || is_interpreter(first.view)) return false;
    auto name = first.view.substr(first.view.find_last_of("/\\") + 1);
    return std::ranges::none_of(kInterpreters, [&](auto known) { return equals_folded(name, known); });
}

/// A path, constant or with a constant end, of what a server would run, and of what nothing runs.
bool names_script(const Value& value) {
    auto ending = value.kind == Kind::text ? ending_of(value.view) : value.flags;
    return (ending & flag::page_name) != 0;
}
bool names_document(const Value& value) {
    if (value.kind == Kind::text) return !value.tainted() && (ending_of(value.view) & flag::document_name) != 0;
    return value.has(flag::document_name);
}

/// A text file of the script's own, or what stands for one that is open.
bool is_document(const Value& path) {
    if (path.type() == kWrittenDocument) return true;
    return path.kind == Kind::text && !path.tainted() && names_text_file(path.view);
}

bool is_run(Capability capability) {
    return capability == Capability::code || capability == Capability::command || capability == Capability::loader;
}

/// Where a trail begins.
const Trail* root_of(const Trail* trail) {
    while (trail != nullptr && trail->before != nullptr) trail = trail->before;
    return trail;
}

/// Text in which no mark of a script is left.
bool is_escaped(const Value& text) {
    for (const auto* step = text.trail; step != nullptr; step = step->before)
        for (std::string_view escapes : {"htmlspecialchars", "htmlentities", "strip_tags"})
            if (step->what == escapes) return true;
    return false;
}

/// All that a visitor sent, not a field of it: who keeps that does not know what it is.
bool is_whole_table(const Value& data) {
    const auto* root = root_of(data.trail);
    return root != nullptr && root->what.starts_with('$') && root->what.find('[') == std::string_view::npos;
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

bool Machine::is_own_file(const Entry& entry, const std::vector<Slot>& arguments, const Slot* object) const {
    if (entry.sink != Capability::file_manage || language() == Language::php) return false;
    auto own = [](const Value& value) { return value.kind == Kind::text && !value.tainted(); };
    bool all = (entry.takes & kObject) == 0 || (object != nullptr && own(object->value));
    for (std::size_t i = 0; i < arguments.size() && i < 15; ++i)
        if ((entry.takes >> i & 1) != 0) all = all && own(arguments[i].value);
    return all;
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
        return verified == nullptr || from == nullptr || root_of(verified) == from;
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

/// What a query does besides: it runs a command, or makes an account for whoever asks.
void Machine::queried(const Value& query, std::string_view shown, Span span, bool assembled) {
    bool constant = query.kind == Kind::text && !query.tainted();
    auto type = constant && language() == Language::php ? type_of_query(query.view) : query.type();
    if (type == kShellQuery) flow(Capability::command, query, shown, span, assembled);
    if (language() == Language::php && constant && makes_file(query.view)) written(query, shown, span);
    if (language() != Language::php || guarded()) return;
    if (type == kAccountQuery) signal("account.by_query", span);
    if (type != kAdministratorQuery) return;
    signal("account.administrator", span);
    signal("account.of_constants", span);
}

void Machine::sink(const Entry& entry, std::string_view shown, std::vector<Slot>& arguments, Slot* object, Span span,
                   bool assembled) {
    // Written into a connection, it lands in no file.
    bool sent = *entry.sink == Capability::file_write && !arguments.empty() && arguments[0].value.type() == kSocket;
    auto does = sent ? Capability::tunnel : *entry.sink;
    auto content_of_file = sent ? std::uint16_t{0} : entry.content;
    able(does, entry.code == Language::none);
    if (entry.takes == 0) return;
    Value worst;  // the argument that says most
    bool any = false;
    auto weigh = [&](const Value& argument) {
        auto value = summary(argument);
        if (does == Capability::loader) taint(value, letters_of_numbers(argument));  // bytes of a class
        if (does == Capability::command && argument.type() == kQuoted) value.flags |= flag::checked;
        if (does == Capability::command && names_program(argument)) value.flags |= flag::part;
        if (value.has(flag::hashed)) value.origins = 0;
        if (!value.tainted()) value.trail = nullptr;
        auto stands = [](const Value& v) {
            if (v.tainted()) return 3 + (strongest(v.origins) < Origin::session ? 1 : 0);
            return v.kind == Kind::unknown ? 2 : 1;
        };
        if (!any || stands(value) > stands(worst)) worst = value;
        any = true;
    };
    for (std::size_t i = 0; i < arguments.size() && i < 15; ++i)
        if ((entry.takes >> i & 1) != 0) {
            weigh(arguments[i].value);
            bool writes = does == Capability::file_write || does == Capability::upload || does == Capability::download;
            if (writes && language() != Language::php && names_script(arguments[i].value))
                signal("write.script_name", span);
        }
    if (does == Capability::upload && any && worst.has(flag::upload_name))
        signal(worst.has(flag::checked) ? "upload.checked_name" : "upload.visitors_name", span);
    if ((entry.takes & kObject) != 0 && object != nullptr) weigh(object->value);
    if (!any) return;
    // What a visitor sends as a file, under a name that was checked.
    bool uploaded = worst.tainted() && strongest(worst.origins) == Origin::upload && language() != Language::php;
    for (std::size_t i = 0; uploaded && i < arguments.size() && i < 15; ++i) {
        bool path = does == Capability::file_write && entry.content != 0 && (entry.takes >> i & 1) != 0 &&
                    (entry.content >> i & 1) == 0;
        auto name = path ? summary(arguments[i].value) : Value{};
        bool checked = name.tainted() && (name.has(flag::checked) || verified(name));
        if (checked) worst.flags |= flag::checked;
    }
    if (sent && !arguments[0].value.has(flag::fetched)) worst.flags |= flag::led;  // to a server of the page's own
    if (does == Capability::database) queried(worst, shown, span, assembled);
    if (does == Capability::command)
        for (std::size_t i = 0; i < arguments.size() && i < 15; ++i) {
            if ((entry.takes >> i & 1) == 0) continue;
            const auto* given = &arguments[i].value;
            if (given->kind == Kind::list && !given->list().items.empty()) given = &given->list().items.front().value;
            if (given->kind != Kind::text || given->tainted()) continue;
            auto last = given->view.substr(given->view.find_last_of(";&") + 1);
            bool home = calls_home(given->view);
            if (runs_fetched(given->view)) signal("command.fetched", span);
            if (home || is_interpreter(last)) signal("command.interpreter", span);
            if (home) signal("network.connect", span);
        }
    // A visitor says what is written and where to: two arguments of one call. What is fetched comes first.
    bool fetches = does == Capability::download;
    auto content = fetches ? kFirst : content_of_file;
    if (fetches || (does == Capability::file_write && content != 0)) {
        bool what = false, where = false, told = false, named = false;  // by a visitor; by another server
        for (std::size_t i = 0; i < arguments.size() && i < 15; ++i) {
            if ((entry.takes >> i & 1) == 0) continue;
            auto value = summary(arguments[i].value);
            bool visitors = value.tainted() && strongest(value.origins) < Origin::session && !value.relayed() &&
                            !value.has(flag::hashed | flag::checked);
            bool is_content = (content >> i & 1) != 0;
            (is_content ? what : where) |= visitors || (is_content && value.has(flag::fetched));
            bool network = value.tainted() && strongest(value.origins) == Origin::network;
            (is_content ? told : named) |= network;
        }
        if (told && named) signal("write.fetched_file", span);
        if (what && where) signal("write.visitors_file", span);
    }
    bool php = language() == Language::php;
    bool writes = does == Capability::file_write && content_of_file != 0;
    if (writes || (does == Capability::upload && !php)) {
        // Into a file of its own that no server runs: what a guest book does, but for what visitors log in with.
        bool harmless = false;
        for (std::size_t i = 0; i < arguments.size() && i < 15; ++i)
            if ((entry.takes >> i & 1) != 0 && (content_of_file >> i & 1) == 0)
                harmless = php ? is_document(arguments[i].value) : names_document(arguments[i].value);
        bool stream = (entry.takes & kObject) != 0 && (content_of_file & kFirst) != 0 && object != nullptr;
        if (stream && !php) harmless = names_document(object->value);
        if (php && !arguments.empty() && arguments[0].value.type() == kWrittenDocument)  // fwrite(file, text)
            harmless = is_escaped(worst);
        if (php && harmless) harmless = !is_whole_table(worst);
        if (harmless && !worst.has(flag::login)) worst.flags |= flag::checked;
    }
    if (worst.kind == Kind::list || worst.kind == Kind::object) worst.kind = Kind::text;  // not told apart: constant
    if (entry.code == Language::none || worst.tainted() || worst.kind == Kind::unknown)
        flow(does, worst, shown, span, assembled);
    // One call that takes both, what is written and where, is two ways of the visitor's data.
    if (does == Capability::file_write && content_of_file != 0 && language() != Language::php) {
        const Value *where = nullptr, *what = nullptr;
        auto of_visitor = [](const Value& value) {
            return value.tainted() && strongest(value.origins) < Origin::session;
        };
        for (std::size_t i = 0; i < arguments.size() && i < 15; ++i)
            if ((entry.takes >> i & 1) != 0 && of_visitor(arguments[i].value))
                ((content_of_file >> i & 1) != 0 ? what : where) = &arguments[i].value;
        if (where != nullptr && what != nullptr) {
            auto told = summary(*what);
            if (uploaded && worst.has(flag::checked)) told.flags |= flag::checked;
            flow(does, told, intern(std::string(shown) + ", content"), span, assembled);
        }
    }
    for (std::size_t i = 0; i < arguments.size() && i < 15; ++i)
        if ((content_of_file >> i & 1) != 0) written(arguments[i].value, entry.name, span);
    if (!php) follow_file(entry, shown, arguments, object, span);
}

std::string_view Machine::file_key(const Value& name, std::int32_t path) {
    if (name.kind == Kind::text) return intern("=" + std::string(name.view.substr(0, kLongestName)));
    if (path < 0 || paths_[static_cast<std::size_t>(path)].kind != PathNode::Kind::variable) return {};
    return intern("$" + std::string(paths_[static_cast<std::size_t>(path)].name));
}

void Machine::follow_file(const Entry& entry, std::string_view shown, const std::vector<Slot>& arguments,
                          const Slot* object, Span span) {
    constexpr std::size_t kMostFiles = 64;
    bool writes = entry.sink == Capability::file_write, runs = entry.sink == Capability::include;
    if (!writes && !runs) return;
    std::string_view file;
    Value content = Value::unknown();
    for (std::size_t i = 0; i < arguments.size() && i < 15; ++i) {
        if ((entry.content >> i & 1) != 0)
            taint(content, summary(arguments[i].value));
        else if ((entry.takes >> i & 1) != 0 && file.empty())
            file = file_key(arguments[i].value, arguments[i].path);
    }
    if (runs) {
        auto known = file.empty() ? files_.end() : files_.find(file);
        if (known != files_.end()) flow(Capability::code, known->second, shown, span);
        return;
    }
    bool keeps = entry.content == 0 && !entry.makes.empty();  // it is open from here on
    if (keeps) opened_ = file;
    if (keeps) return;
    if (entry.content == 0 && object != nullptr) taint(content, summary(object->value));
    if (file.empty()) file = opened_;
    bool visitors = content.tainted() && strongest(content.origins) < Origin::session;
    if (visitors && !file.empty() && files_.size() < kMostFiles) files_[file] = std::move(content);
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
