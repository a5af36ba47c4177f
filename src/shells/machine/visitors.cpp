// Which of a page's variables a visitor fills, though the script does not say so.
#include "base/text.hpp"
#include "shells/machine/machine.hpp"

namespace ascribe::shells {

// Whether a form or link of the page at hand sends something under this name, to a script that expects variables.
bool Machine::is_field(std::string_view name) {
    auto layer = module().layer;
    if (layer >= analysis_.layers.size()) return false;
    auto [known, fresh] = fields_.try_emplace(layer);
    if (fresh) {
        std::string_view text = analysis_.layers[layer].text;
        charge(text.size() / 16);
        bool scopes = language() == Language::cfml;
        if (scopes)
            for (auto field : scoped_fields_of(text)) known->second.insert(intern(lower(field)));
        else if (!asks_by_name(text))
            for (auto field : fields_of(text)) known->second.insert(intern(field));
    }
    return known->second.contains(name);
}

Value Machine::registered(std::string_view name, Span span) {
    signal("variables.registered", span);
    auto value = source(Origin::request, intern("$" + std::string(name)), span);
    if (names_login(name)) value.flags |= flag::login;
    return value;
}

// $_POST['x'] = 1: the other elements stay a visitor's, and so does this one where the assignment is not certain.
Value Machine::beside_visitors(std::string_view name) {
    if (language() != Language::php || !name.starts_with("_")) return {};
    const auto* entry = look_variable(name);
    if (entry == nullptr || entry->result != Result::source) return {};
    auto list = std::make_shared<List>();
    list->rest = source(entry->origin, intern("$" + std::string(name)), {});
    return Value::of_list(std::move(list));
}

}  // namespace ascribe::shells
