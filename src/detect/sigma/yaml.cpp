#include "detect/sigma/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "base/reader.hpp"
#include "base/text.hpp"
#include "base/writer.hpp"
#include "detect/sigma/cache.hpp"

namespace ascribe::sigma {
namespace {

bool begins_document(std::string_view line) {
    return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

bool says_nothing(std::string_view line) {
    auto text = trim(line);
    return text.empty() || text.starts_with('#') || line.starts_with('%') || text == "---" || text == "...";
}

}  // namespace

/// Hears a document and builds its tree.
class YamlBuilder : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        name(mark, "~");
        add({.kind = Yaml::Kind::null}, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        name(mark, {});
        auto target = anchors_.find(anchor);
        if (target == anchors_.end()) throw YAML::ParserException(mark, "an alias names nothing");
        add({.kind = Yaml::Kind::alias, .first = target->second}, 0);
    }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
        name(mark, text);
        auto offset = static_cast<std::uint32_t>(tree_->text.size());
        tree_->text += text;
        add({.kind = Yaml::Kind::scalar, .first = offset, .size = static_cast<std::uint32_t>(text.size())}, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        name(mark, {});
        open_.push_back({.cell = add({.kind = Yaml::Kind::list}, anchor), .is_map = false});
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        name(mark, {});
        open_.push_back({.cell = add({.kind = Yaml::Kind::map}, anchor), .is_map = true});
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapEnd() override { open_.pop_back(); }

    std::shared_ptr<const Yaml::Tree> finish() {
        if (tree_->cells.empty()) tree_->cells.push_back({.kind = Yaml::Kind::null});
        return tree_;
    }

private:
    struct Open {
        std::uint32_t cell, last = Yaml::kNone;
        bool is_map = false, wants_name = true;
        std::set<std::string> names = {};
    };

    /// Notes what comes next in a map that is open; nothing: no name that could be told twice.
    void name(const YAML::Mark& mark, std::optional<std::string> text) {
        if (open_.empty() || !open_.back().is_map) return;
        Open& map = open_.back();
        if (map.wants_name && text && !map.names.insert(*text).second)
            throw YAML::ParserException(mark, fmt::format("'{}' is named twice", *text));
        map.wants_name = !map.wants_name;
    }

    std::uint32_t add(Yaml::Cell cell, YAML::anchor_t anchor) {
        auto index = static_cast<std::uint32_t>(tree_->cells.size());
        tree_->cells.push_back(cell);
        if (anchor != 0) anchors_[anchor] = index;
        if (open_.empty()) return index;
        Open& parent = open_.back();
        auto& before = parent.last == Yaml::kNone ? tree_->cells[parent.cell].first : tree_->cells[parent.last].next;
        before = parent.last = index;
        return index;
    }

    std::shared_ptr<Yaml::Tree> tree_ = std::make_shared<Yaml::Tree>();
    std::map<YAML::anchor_t, std::uint32_t> anchors_;
    std::vector<Open> open_;
};

Yaml::Yaml(std::shared_ptr<const Tree> tree, std::uint32_t cell) : tree_(std::move(tree)), cell_(cell) {
    if (this->cell().kind == Kind::alias) cell_ = this->cell().first;  // never an alias itself
}

std::string Yaml::scalar() const { return is_scalar() ? tree_->text.substr(cell().first, cell().size) : std::string(); }

std::optional<double> Yaml::number() const {
    auto text = scalar();
    double number = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::vector<Yaml> Yaml::items() const {
    std::vector<Yaml> items;
    if (is_list())
        for (auto at = cell().first; at != kNone; at = tree_->cells[at].next) items.push_back(Yaml(tree_, at));
    return items;
}

std::vector<std::pair<Yaml, Yaml>> Yaml::entries() const {
    std::vector<std::pair<Yaml, Yaml>> entries;
    if (!is_map()) return entries;
    for (auto at = cell().first; at != kNone && tree_->cells[at].next != kNone;) {
        auto value = tree_->cells[at].next;
        entries.emplace_back(Yaml(tree_, at), Yaml(tree_, value));
        at = tree_->cells[value].next;
    }
    return entries;
}

Yaml Yaml::operator[](std::string_view name) const {
    for (const auto& [key, value] : entries())
        if (key.is_scalar() && std::string_view(tree_->text).substr(key.cell().first, key.cell().size) == name)
            return value;
    return {};
}

std::string Yaml::to_bytes(const Tree& tree) {
    Writer out;
    out.count(tree.cells.size());
    for (const Cell& cell : tree.cells) {
        out.little(static_cast<std::uint8_t>(cell.kind));
        out.little(cell.next);
        out.little(cell.first);
        out.little(cell.size);
    }
    out.text(tree.text);
    return out.take();
}

std::shared_ptr<const Yaml::Tree> Yaml::from_bytes(std::string_view bytes) {
    auto read = [&]() -> Result<std::shared_ptr<const Tree>> {
        auto tree = std::make_shared<Tree>();
        Reader in(as_bytes(bytes));
        tree->cells.resize(TRY(in.count("cells")));
        for (Cell& cell : tree->cells) {
            cell.kind = static_cast<Kind>(TRY(in.little<std::uint8_t>("kind")));
            cell.next = TRY(in.little<std::uint32_t>("next"));
            cell.first = TRY(in.little<std::uint32_t>("first"));
            cell.size = TRY(in.little<std::uint32_t>("size"));
        }
        tree->text = TRY(in.text("text"));
        // Children stand behind their parents and aliases behind what they name, so that no walk is endless.
        auto behind = [&](std::uint32_t to, std::size_t from) {
            return to == kNone || (to > from && to < tree->cells.size());
        };
        bool good = !tree->cells.empty();
        for (std::size_t i = 0; i < tree->cells.size() && good; ++i) {
            const Cell& cell = tree->cells[i];
            good = cell.kind <= Kind::alias && behind(cell.next, i);
            if (cell.kind == Kind::list || cell.kind == Kind::map) good = good && behind(cell.first, i);
            if (cell.kind == Kind::scalar)
                good = good && cell.first <= tree->text.size() && cell.size <= tree->text.size() - cell.first;
            if (cell.kind == Kind::alias) good = good && cell.first < i && tree->cells[cell.first].kind != Kind::alias;
        }
        if (!good) return std::unexpected(Error{Fault::bad_value, "tree", 0, 0, 0});
        return tree;
    };
    auto tree = read();
    return tree ? *tree : nullptr;
}

std::vector<std::string> yaml_documents(std::string_view text) {
    std::vector<std::string> documents;
    std::string document;
    bool says = false;
    auto finish = [&] {
        if (says) documents.push_back(std::move(document));
        document.clear();
        says = false;
    };
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (auto line : split(text, '\n')) {
        if (begins_document(line) || trim(line) == "...") finish();
        if (line.starts_with('%')) continue;  // directives: the tags they declare mean nothing here
        says = says || !says_nothing(line);
        document += line;
        document += '\n';
    }
    finish();
    return documents;
}

Yaml parse_yaml(const std::string& document, Cache* cache) {
    auto key = cache != nullptr ? Cache::key("document", document) : Digest{};
    if (cache != nullptr)
        if (auto kept = cache->find(key))
            if (auto tree = Yaml::from_bytes(*kept)) return Yaml(std::move(tree), 0);
    std::istringstream stream(document);
    YAML::Parser parser(stream);
    YamlBuilder builder;
    parser.HandleNextDocument(builder);
    if (parser) throw YAML::ParserException(YAML::Mark::null_mark(), "text behind the end of the document");
    auto tree = builder.finish();
    if (cache != nullptr) cache->keep(key, Yaml::to_bytes(*tree));
    return Yaml(std::move(tree), 0);
}

}  // namespace ascribe::sigma
