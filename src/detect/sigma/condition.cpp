// Dijkstra's two stacks, so that no depth of parentheses can exhaust ours. `not` binds closest, then `and`, then `or`.
#include "detect/sigma/condition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"

namespace ascribe::sigma {
namespace {

enum class Operator { open, either, both, negate };

bool is_name(char c) {
    return c == '_' || c == '*' || c == '-' || c == '.' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::vector<std::string_view> tokens_of(std::string_view text) {
    std::vector<std::string_view> tokens;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && is_name(text[end])) ++end;
        if (end == at) ++end;
        if (auto token = trim(text.substr(at, end - at)); !token.empty() && token != "\n" && token != "\t")
            tokens.push_back(token);
        at = end;
    }
    return tokens;
}

/// "sel_*" against "sel_a"; * only, as the specification has it.
bool fits(std::string_view pattern, std::string_view name) { return Pattern::parse(pattern, true).matches(name, name); }

class Parsing {
public:
    Parsing(const std::map<std::string, std::uint32_t>& names, std::vector<Node>& nodes)
        : names_(names), nodes_(nodes) {}

    std::expected<std::uint32_t, std::string> read(std::string_view text) {
        auto tokens = tokens_of(text);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (nodes_.size() + quantified_ > kRuleNodes)
                return std::unexpected("condition: more searches than the limit");
            auto word = lower(tokens[i]);
            if (word == "(" || word == "not") {
                if (!wants_operand_)
                    return std::unexpected(fmt::format("condition: '{}' where an operator was expected", tokens[i]));
                operators_.push_back(word == "(" ? Operator::open : Operator::negate);
            } else if (word == ")") {
                TRY(close());
            } else if (word == "and" || word == "or") {
                TRY(infix(word == "and" ? Operator::both : Operator::either));
            } else if (word == "|") {
                return std::unexpected(
                    "condition: aggregation after '|' is not part of Sigma 2; use a correlation rule");
            } else if (i + 2 < tokens.size() && lower(tokens[i + 1]) == "of") {
                auto node = TRY(quantified(word, tokens[i + 2]));
                TRY(operand(node));
                i += 2;
            } else {
                auto at = names_.find(std::string(tokens[i]));
                if (at == names_.end())
                    return std::unexpected(fmt::format("condition: there is no search named '{}'", tokens[i]));
                TRY(operand(at->second));
            }
        }
        if (wants_operand_) return std::unexpected("condition: it ends where a search was expected");
        while (!operators_.empty()) {
            if (operators_.back() == Operator::open) return std::unexpected("condition: a parenthesis is not closed");
            reduce();
        }
        return output_.back();
    }

private:
    using Done = std::expected<void, std::string>;

    Done operand(std::uint32_t node) {
        if (!wants_operand_) return std::unexpected("condition: two searches without an operator between them");
        output_.push_back(node);
        wants_operand_ = false;
        return {};
    }

    Done infix(Operator which) {
        if (wants_operand_) return std::unexpected("condition: an operator where a search was expected");
        while (!operators_.empty() && operators_.back() >= which) reduce();
        operators_.push_back(which);
        wants_operand_ = true;
        return {};
    }

    Done close() {
        if (wants_operand_) return std::unexpected("condition: ')' where a search was expected");
        while (!operators_.empty() && operators_.back() != Operator::open) reduce();
        if (operators_.empty()) return std::unexpected("condition: ')' without '('");
        operators_.pop_back();
        return {};
    }

    void reduce() {
        auto which = operators_.back();
        operators_.pop_back();
        auto right = output_.back();
        output_.pop_back();
        Node node;
        if (which == Operator::negate) {
            node.kind = Node::Kind::none;
            node.children = {right};
        } else {
            node.kind = which == Operator::both ? Node::Kind::all : Node::Kind::any;
            auto left = output_.back();
            output_.pop_back();
            // a and b and c is one node of three: long conditions stay shallow
            if (nodes_[left].kind == node.kind && made_.contains(left))
                node.children = std::move(nodes_[left].children);  // nobody else has it
            else
                node.children = {left};
            node.children.push_back(right);
        }
        output_.push_back(add(std::move(node)));
    }

    std::expected<std::uint32_t, std::string> quantified(std::string_view count, std::string_view pattern) {
        Node node;
        auto number = parse_number(count);
        if (count == "all")
            node.kind = Node::Kind::all;
        else if (count == "any" || number == 1)
            node.kind = Node::Kind::any;
        else if (number && *number > 0)
            node.kind = Node::Kind::at_least;
        else
            return std::unexpected(fmt::format("condition: '{} of' needs a number, any or all", count));
        if (node.kind == Node::Kind::at_least)
            node.count = static_cast<std::uint32_t>(std::min<std::int64_t>(*number, UINT32_MAX));
        bool them = lower(pattern) == "them";
        for (const auto& [name, index] : names_)
            if (them ? !name.starts_with('_') : fits(pattern, name)) node.children.push_back(index);
        if (node.children.empty())
            return std::unexpected(fmt::format("condition: no search is named like '{}'", pattern));
        quantified_ += node.children.size();
        return add(std::move(node));
    }

    std::uint32_t add(Node node) {
        nodes_.push_back(std::move(node));
        auto index = static_cast<std::uint32_t>(nodes_.size() - 1);
        made_.insert({index, true});
        return index;
    }

    const std::map<std::string, std::uint32_t>& names_;
    std::vector<Node>& nodes_;
    std::map<std::uint32_t, bool> made_;  // nodes of this condition: others may be shared
    std::vector<Operator> operators_;
    std::vector<std::uint32_t> output_;
    std::size_t quantified_ = 0;  // searches named by patterns
    bool wants_operand_ = true;
};

}  // namespace

std::expected<std::uint32_t, std::string> parse_condition(std::string_view text,
                                                          const std::map<std::string, std::uint32_t>& names,
                                                          std::vector<Node>& nodes) {
    return Parsing(names, nodes).read(text);
}

}  // namespace ascribe::sigma
