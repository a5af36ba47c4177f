// What dangerous functions are given: which argument says most, what else it tells, and what becomes of files.
#include <algorithm>

#include "base/text.hpp"
#include "shells/machine/machine.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {
namespace {

/// An argument that a sink takes; content: what a file is given, not its name.
struct Taken {
    const Value* value;
    bool is_content;
};
std::vector<Taken> taken_by(const Entry& entry, const std::vector<Slot>& arguments, std::uint16_t content) {
    std::vector<Taken> taken;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (is_among(entry.takes, i)) taken.push_back({&arguments[i].value, is_among(content, i)});
    return taken;
}

bool is_visitors(const Value& value) { return value.tainted() && strongest(value.origins) < Origin::session; }

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

/// An argument, as what reaches a sink.
Value weighed(Capability does, const Value& argument) {
    auto value = summary(argument);
    if (does == Capability::loader) taint(value, letters_of_numbers(argument));  // bytes of a class
    if (does == Capability::command && argument.type() == kQuoted) value.flags |= flag::checked;
    if (does == Capability::command && options_of(argument) != nullptr) value.flags |= flag::checked | flag::part;
    if (does == Capability::command && names_program(argument))
        value.flags = static_cast<std::uint16_t>(value.flags | flag::part | (value.tainted() ? 0 : flag::checked));
    if (value.has(flag::hashed)) value.origins = 0;
    if (!value.tainted()) value.trail = nullptr;
    return value;
}

/// The argument that says most, or the object; nothing where there is none.
std::optional<Value> worst_of(Capability does, const std::vector<Taken>& taken, const Value* object) {
    auto says = [](const Value& value) {
        if (value.tainted()) return is_visitors(value) ? 4 : 3;
        return value.kind == Kind::unknown ? 2 : 1;
    };
    std::optional<Value> worst;
    auto weigh = [&](const Value& argument) {
        auto value = weighed(does, argument);
        if (!worst || says(value) > says(*worst)) worst = std::move(value);
    };
    for (const auto& each : taken) weigh(*each.value);
    if (object != nullptr) weigh(*object);
    return worst;
}

/// Into a text file of the script's own; or without a mark of a script left in it, into whichever is no visitor's.
bool is_safe_there(const Value& text, const Value& path) {
    bool own = !is_visitors(weighed(Capability::file_write, path));
    return is_document(path) || (own && (is_escaped(text) || names_document(path)));
}

/// Who says what is written and where to, in two arguments of one call: a visitor, or another server.
struct WhoSays {
    bool what = false, where = false;               // a visitor
    bool fetched = false, named_by_server = false;  // another server
};
WhoSays who_says(const std::vector<Taken>& taken) {
    WhoSays says;
    for (const auto& each : taken) {
        auto value = summary(*each.value);
        bool visitors = is_visitors(value) && !value.relayed() && !value.has(flag::hashed | flag::checked);
        bool network = value.tainted() && strongest(value.origins) == Origin::network;
        (each.is_content ? says.what : says.where) |= visitors || (each.is_content && value.has(flag::fetched));
        (each.is_content ? says.fetched : says.named_by_server) |= network;
    }
    return says;
}

}  // namespace

bool Machine::is_own_file(const Entry& entry, const std::vector<Slot>& arguments, const Slot* object) const {
    if (entry.sink != Capability::file_manage || language() == Language::php) return false;
    auto own = [](const Value& value) { return value.kind == Kind::text && !value.tainted(); };
    bool all = (entry.takes & kObject) == 0 || (object != nullptr && own(object->value));
    auto taken = taken_by(entry, arguments, 0);
    return all && std::ranges::all_of(taken, [&](const Taken& each) { return own(*each.value); });
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

/// What a constant command tells besides.
void Machine::commanded(const Value& command, Span span) {
    const auto* given = &command;
    if (given->kind == Kind::list && !given->list().items.empty()) given = &given->list().items.front().value;
    if (given->kind != Kind::text || given->tainted()) return;
    auto last = given->view.substr(given->view.find_last_of(";&") + 1);
    bool home = calls_home(given->view);
    if (runs_fetched(given->view)) signal("command.fetched", span);
    if (home || is_interpreter(last)) signal("command.interpreter", span);
    if (home) signal("network.connect", span);
}

void Machine::sink(const Entry& entry, std::string_view shown, std::vector<Slot>& arguments, Slot* object, Span span,
                   bool assembled) {
    bool php = language() == Language::php;
    // Written into a connection, it lands in no file.
    bool sent = *entry.sink == Capability::file_write && !arguments.empty() && arguments[0].value.type() == kSocket;
    auto does = sent ? Capability::tunnel : *entry.sink;
    auto content = sent ? std::uint16_t{0} : entry.content;
    able(does, entry.code == Language::none);
    if (entry.takes == 0) return;
    auto taken = taken_by(entry, arguments, does == Capability::download ? kFirst : content);  // what is fetched
    bool stores = does == Capability::file_write || does == Capability::upload || does == Capability::download;
    for (const auto& each : taken)
        if (stores && !php && names_script(*each.value)) signal("write.script_name", span);
    bool of_object = (entry.takes & kObject) != 0 && object != nullptr;
    auto most = worst_of(does, taken, of_object ? &object->value : nullptr);
    if (!most) return;
    auto& worst = *most;
    if (does == Capability::upload && worst.has(flag::upload_name))
        signal(worst.has(flag::checked) ? "upload.checked_name" : "upload.visitors_name", span);
    // What a visitor sends as a file, under a name that was checked.
    bool uploaded = worst.tainted() && strongest(worst.origins) == Origin::upload && !php;
    bool named_content = does == Capability::file_write && content != 0;
    auto is_checked_name = [&](const Taken& each) {
        auto name = each.is_content ? Value{} : summary(*each.value);
        return name.tainted() && (name.has(flag::checked) || verified(name));
    };
    if (uploaded && named_content && std::ranges::any_of(taken, is_checked_name)) worst.flags |= flag::checked;
    if (sent && !arguments[0].value.has(flag::fetched)) worst.flags |= flag::led;  // to a server of the page's own
    if (does == Capability::database) queried(worst, shown, span, assembled);
    if (does == Capability::command)
        for (const auto& each : taken) commanded(*each.value, span);
    if (does == Capability::download || named_content) {
        auto both = who_says(taken);
        if (both.fetched && both.named_by_server) signal("write.fetched_file", span);
        if (both.what && both.where) signal("write.visitors_file", span);
    }
    if (named_content || (does == Capability::upload && !php)) {
        // Into a file of its own that no server runs: what a guest book does, but for what visitors log in with.
        bool harmless = false;
        for (const auto& each : taken)
            if (!each.is_content) harmless = php ? is_safe_there(worst, *each.value) : names_document(*each.value);
        bool stream = of_object && (content & kFirst) != 0;
        if (stream && !php) harmless = names_document(object->value);
        if (php && !arguments.empty() && arguments[0].value.type() == kWrittenDocument)  // fwrite(file, text)
            harmless = true;
        if (php && harmless) harmless = !is_whole_table(worst);
        if (harmless && !worst.has(flag::login)) worst.flags |= flag::checked;
    }
    // What a stream holds is saved where no server runs it: stream.SaveToFile(path).
    bool saved = does == Capability::file_write && !php && !named_content && of_object && !arguments.empty();
    if (saved && !is_visitors(summary(arguments[0].value)) && names_document(arguments[0].value))
        worst.flags |= flag::checked;
    if (worst.kind == Kind::list || worst.kind == Kind::object) worst.kind = Kind::text;  // not told apart: constant
    if (entry.code == Language::none || worst.tainted() || worst.kind == Kind::unknown)
        flow(does, worst, shown, span, assembled);
    // One call that takes both, what is written and where, is two ways of the visitor's data.
    if (named_content && !php) {
        const Value *where = nullptr, *what = nullptr;
        for (const auto& each : taken)
            if (is_visitors(*each.value)) (each.is_content ? what : where) = each.value;
        if (where != nullptr && what != nullptr) {
            auto told = summary(*what);
            if (uploaded && worst.has(flag::checked)) told.flags |= flag::checked;
            flow(does, told, intern(std::string(shown) + ", content"), span, assembled);
        }
    }
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (is_among(content, i)) written(arguments[i].value, entry.name, span);
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
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (is_among(entry.content, i))
            taint(content, summary(arguments[i].value));
        else if (is_among(entry.takes, i) && file.empty())
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

}  // namespace ascribe::shells
