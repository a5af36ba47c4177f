// Elements are followed as they open and close; what each leaves behind (attributes, then its text) becomes steps. An
// element's text is told when it closes, so inner elements come before it.
#include "parse/evtx/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.hpp"

namespace ascribe::evtx {
namespace {

std::string entity_text(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
        {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
    for (auto [known, text] : kEntities)
        if (name == known) return std::string(text);
    return fmt::format("&{};", name);
}

constexpr std::string_view kDatum = "EventData.Data";
constexpr std::string_view kName("N\0a\0m\0e\0", 8), kXmlns("x\0m\0l\0n\0s\0", 10);  // UTF-16

struct Piece {
    bool is_value = false, optional = false;
    std::uint16_t index = 0;
    std::string text;
};
using Pieces = std::span<const Piece>;

class Planner {
public:
    Planner(const Node& within, Library& library) : within_(within), library_(library) {}

    Result<Plan> make(std::string_view tokens) {
        Reader in(as_bytes(tokens));
        while (in.left() > 0) TRY(token(in));
        if (!within_.is_root && !pieces_.empty()) leaf(pieces_, {.node = &within_});  // text outside of any element
        plan_.within = &within_;
        for (Step& step : plan_.steps)
            if (step.node != nullptr) {
                step.place = static_cast<std::uint8_t>(step.node->target.place);
                step.field = step.node->target.field;
            }
        return std::move(plan_);
    }

private:
    struct Element {
        const Node* node = nullptr;
        std::size_t text = 0;  // where its pieces begin
        bool has_inner = false, by_name = false;
    };

    Result<void> token(Reader& in) {
        switch (TRY(in.little<std::uint8_t>("evtx.plan.token"))) {
            case kOpenStart:
                finish_attribute();
                open(TRY(in.text("evtx.plan.name")));
                return {};
            case kAttribute:
                finish_attribute();
                attribute_ = TRY(in.text("evtx.plan.name"));
                attribute_text_ = pieces_.size();
                return {};
            case kCloseStart: finish_attribute(); return {};
            case kEndElement:
                finish_attribute();
                close();
                return {};
            case kValue: add_text(from_utf16(trimmed(TRY(in.text("evtx.plan.text"))))); return {};
            case kEntityReference: add_text(entity_text(from_utf16(TRY(in.text("evtx.plan.entity"))))); return {};
            case kSubstitution: return add_value(in, false);
            case kOptionalSubstitution: return add_value(in, true);
            case kTemplateInstance: {
                // What the inner template leaves belongs to the element around it, as that of a child does.
                Step step{.kind = Step::Kind::instance};
                step.position = TRY(in.little<std::uint16_t>("evtx.plan.instance"));
                if (!elements_.empty()) elements_.back().has_inner = true;
                step.node = elements_.empty() ? &within_ : elements_.back().node;
                plan_.steps.push_back(std::move(step));
                return {};
            }
            default: return std::unexpected(Error{Fault::bad_value, "evtx.plan.token", in.offset()});
        }
    }

    /// Texts carry the NULs of the values they were made of.
    static std::string_view trimmed(std::string_view raw) {
        while (raw.ends_with(std::string_view("\0\0", 2))) raw.remove_suffix(2);
        return raw;
    }

    void open(std::string_view name) {
        if (!elements_.empty()) elements_.back().has_inner = true;
        const Node& parent = elements_.empty() ? within_ : *elements_.back().node;
        elements_.push_back({.node = &library_.child(parent, name), .text = pieces_.size()});
    }

    void close() {
        const Element& element = elements_.back();
        auto text = Pieces(pieces_).subspan(element.text);
        bool keeps_empty = !element.has_inner && element.node->holds_data;
        if (!text.empty() || keeps_empty)
            leaf(text, {.keeps_empty = keeps_empty,
                        .unnamed = element.node->is_datum,
                        .by_name = element.by_name,
                        .node = element.node});
        pieces_.resize(element.text);
        elements_.pop_back();
    }

    void add_text(std::string text) {
        auto begin = attribute_ ? attribute_text_ : elements_.empty() ? 0 : elements_.back().text;
        if (pieces_.size() > begin && !pieces_.back().is_value)
            pieces_.back().text += text;
        else
            pieces_.push_back({.text = std::move(text)});
    }

    Result<void> add_value(Reader& in, bool optional) {
        auto index = TRY(in.little<std::uint16_t>("evtx.plan.index"));
        plan_.least_values = std::max<std::size_t>(plan_.least_values, index + std::size_t{1});
        pieces_.push_back({.is_value = true, .optional = optional, .index = index, .text = {}});
        return {};
    }

    void finish_attribute() {
        if (!attribute_) return;
        auto name = *std::exchange(attribute_, std::nullopt);
        if (!elements_.empty() && !name.starts_with(kXmlns))
            attribute(elements_.back(), name, Pieces(pieces_).subspan(attribute_text_));
        pieces_.resize(attribute_text_);
    }

    void attribute(Element& element, std::string_view name, Pieces text) {
        if (element.node->is_datum && name == kName) {
            if (text.size() == 1 && !text[0].is_value) {
                element.node = &library_.child(*element.node, text[0].text, Library::Kind::datum);
            } else if (!text.empty()) {
                gather(text, {.kind = Step::Kind::renamed, .attribute = true});
                element.by_name = true;
            } else {
                element.node = &library_.child(*element.node, "", Library::Kind::datum);
            }
            return;
        }
        element.has_inner = true;
        if (!element.node->path.empty())
            leaf(text, {.attribute = true, .node = &library_.child(*element.node, name, Library::Kind::attribute)});
    }

    void leaf(Pieces text, Step step) {
        if (text.size() > 1) return gather(text, std::move(step));
        step.kind = Step::Kind::constant;
        if (!text.empty()) {
            const Piece& piece = text[0];
            step.kind = piece.is_value ? Step::Kind::value : Step::Kind::constant;
            step.optional = piece.optional;
            step.index = piece.index;
            step.text = library_.keep(piece.text);
        }
        if (step.kind == Step::Kind::constant && step.text.empty() && !step.attribute && !step.keeps_empty) return;
        plan_.steps.push_back(std::move(step));
    }

    void gather(Pieces text, Step end) {
        plan_.steps.push_back({.kind = Step::Kind::gather});
        for (const Piece& piece : text) {
            Step step = end;  // an array among the pieces leaves leaves of its own
            step.kind = piece.is_value ? Step::Kind::piece_value : Step::Kind::piece_constant;
            step.optional = piece.optional;
            step.index = piece.index;
            step.text = library_.keep(piece.text);
            plan_.steps.push_back(std::move(step));
        }
        if (end.kind != Step::Kind::renamed) end.kind = Step::Kind::gathered;
        plan_.steps.push_back(std::move(end));
    }

    const Node& within_;
    Library& library_;
    Plan plan_;
    std::vector<Element> elements_;
    std::vector<Piece> pieces_;  // of the open elements, the innermost one's last, then the attribute's
    std::optional<std::string_view> attribute_;
    std::size_t attribute_text_ = 0;
};

}  // namespace

std::shared_ptr<Library> Library::shared() {
    thread_local std::shared_ptr<Library> library;
    if (!library || library->is_full()) library = std::make_shared<Library>();
    return library;
}

const Node& Library::node(std::string path) {
    auto at = nodes_.find(path);
    if (at != nodes_.end()) return *at->second;
    bytes_ += sizeof(Node) + 3 * path.size();
    Node made{.target = {}, .path = path};
    made.is_datum = path == kDatum;
    made.holds_data = path.starts_with("EventData") || path.starts_with("UserData");
    auto target = event_target(path);
    made.target = {target.place, keep(target.field)};
    return *nodes_.emplace(std::move(path), std::make_unique<const Node>(std::move(made))).first->second;
}

const Node& Library::child(const Node& parent, std::string_view name, Kind kind) {
    auto hash = Hash{}(name) ^ std::hash<const Node*>{}(&parent) * 31 ^ static_cast<std::size_t>(kind);
    auto [at, end] = edges_.equal_range(hash);
    for (; at != end; ++at)
        if (at->second.parent == &parent && at->second.kind == kind && at->second.name == name)
            return *at->second.child;
    auto text = kind == Kind::datum ? std::string(name) : from_utf16(name);
    // Paths begin below the outermost element, whose own is empty.
    auto path = kind == Kind::datum   ? fmt::format("EventData.{}", text)
                : parent.is_root      ? std::string()
                : parent.path.empty() ? text
                                      : fmt::format("{}.{}", parent.path, text);
    bytes_ += sizeof(Edge) + name.size();
    const Node& made = node(std::move(path));
    edges_.emplace(hash, Edge{&parent, kind, std::string(name), &made});
    return made;
}

std::string_view Library::keep(std::string_view text) {
    if (text.empty()) return {};
    auto [kept, added] = names_.try_emplace(std::string(text));
    if (!added) return *kept->second;
    bytes_ += 2 * text.size();
    return *(kept->second = std::make_unique<const std::string>(text));
}

std::string_view Library::unnamed(std::size_t n) {
    while (unnamed_.size() <= n) unnamed_.push_back(node(fmt::format("{}[{}]", kDatum, unnamed_.size())).target.field);
    return unnamed_[n];
}

Result<const Plan*> Library::plan(FlatTokens& tokens, const Node& within) {
    // The key: the tokens, and what they stand in.
    auto size = tokens.bytes.size();
    tokens.bytes += within.is_root ? '-' : '+';
    tokens.bytes += within.path;
    auto at = plans_.find(std::string_view(tokens.bytes));
    if (at == plans_.end()) {
        auto key = tokens.bytes;
        tokens.bytes.resize(size);
        auto made = TRY(make_plan(tokens, within, *this));
        bytes_ += key.size() + made.steps.size() * sizeof(Step);
        at = plans_.emplace(std::move(key), std::make_unique<Plan>(std::move(made))).first;
        at->second->tokens = std::string_view(at->first).substr(0, size);
    }
    tokens.bytes.resize(size);
    return at->second.get();
}

Result<Plan> make_plan(const FlatTokens& tokens, const Node& within, Library& library) {
    return Planner(within, library).make(tokens.bytes);
}

}  // namespace ascribe::evtx
