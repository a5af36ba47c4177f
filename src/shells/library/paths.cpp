#include "shells/library/paths.hpp"

namespace ascribe::shells {
namespace {

bool is_constant(const Value& value) { return value.kind == Kind::text && !value.tainted(); }

/// A name below a folder: a folder that no visitor says is the script's own, whatever it is called.
Value below(Call& call, const Value& folder, const Value& name) {
    auto parent = folder;
    bool open =
        is_constant(parent) && !parent.view.empty() && !parent.view.ends_with('/') && !parent.view.ends_with('\\');
    if (open) {
        auto flags = parent.flags;
        parent = Value::text(std::string(parent.view) + '/');
        parent.flags = flags;
    }
    auto path = call.concatenated(parent, name);
    bool own = !parent.tainted() && !(is_constant(parent) && parent.view.empty());
    if (own && path.tainted()) path.flags |= flag::led;
    return path;
}

bool give_path(Call& call, Value path) {
    if (path.tainted()) call.machine.note(path, call.entry.name, call.span);
    if (call.entry.makes.empty()) return call.give(std::move(path));
    auto made = Value::of_type(call.entry.makes);
    taint(made, path);
    if (is_constant(path)) made.flags |= ending_of(path.view);
    return call.give(std::move(made));
}

}  // namespace

bool base_name(Call& call) {
    const Value* given = call.size() > 0 ? &call.arguments[0] : call.object;
    if (given == nullptr) return false;
    if (is_constant(*given)) {
        auto path = given->view;
        auto name = path.substr(path.find_last_of("/\\") + 1);
        auto ending = call.text(1).value_or("");
        if (!ending.empty() && name.ends_with(ending)) name.remove_suffix(ending.size());
        return call.give(std::string(name));
    }
    auto name = summary(*given);
    if (!name.tainted()) return false;
    name.flags |= flag::led;
    name.view = {};
    call.machine.note(name, call.entry.name, call.span);
    return call.give(std::move(name));
}

bool joined_path(Call& call) {
    if (call.size() == 0) return false;
    auto path = summary(call.arguments[0]);
    for (std::size_t i = 1; i < call.size(); ++i) path = below(call, path, summary(call.arguments[i]));
    return give_path(call, std::move(path));
}

bool path_below(Call& call) {
    if (call.object == nullptr || call.size() == 0) return false;
    return give_path(call, below(call, summary(*call.object), summary(call.arguments[0])));
}

}  // namespace ascribe::shells
