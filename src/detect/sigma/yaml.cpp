#include "detect/sigma/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <set>
#include <sstream>

#include "base/text.hpp"

namespace ascribe::sigma {
namespace {

bool begins_document(std::string_view line) {
    return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

bool says_nothing(std::string_view line) {
    auto text = trim(line);
    return text.empty() || text.starts_with('#') || line.starts_with('%') || text == "---" || text == "...";
}

/// Hears a document and keeps nothing of it but the names of the maps it stands in.
class Hearing : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { hear(mark, "~"); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { hear(mark, {}); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string& text) override {
        hear(mark, text);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        hear(mark, {});
        open_.push_back({.is_map = false});
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        hear(mark, {});
        open_.push_back({.is_map = true});
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapEnd() override { open_.pop_back(); }

private:
    struct Open {
        bool is_map = false, wants_name = true;
        std::set<std::string> names = {};
    };

    void hear(const YAML::Mark& mark, std::optional<std::string> name) {
        if (open_.empty() || !open_.back().is_map) return;
        Open& map = open_.back();
        if (map.wants_name && name && !map.names.insert(*name).second)
            throw YAML::ParserException(mark, fmt::format("'{}' is named twice", *name));
        map.wants_name = !map.wants_name;
    }

    std::vector<Open> open_;
};

}  // namespace

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

void check_one_document(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Hearing hearing;
    parser.HandleNextDocument(hearing);
    if (parser) throw YAML::ParserException(YAML::Mark::null_mark(), "text behind the end of the document");
}

}  // namespace ascribe::sigma
