// A Sigma condition written by anybody is refused, or becomes nodes that stand before their parents, so that one pass
// in order tells their truth; and what the nodes say is what the condition says with every `not not` left out.
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/condition.hpp"

using namespace ascribe::sigma;

namespace {

const std::map<std::string, std::uint32_t> kNames{{"a", 0},     {"b", 1},     {"_c", 2},
                                                  {"sel_1", 3}, {"sel_2", 4}, {"filter", 5}};

bool truth(const std::vector<Node>& nodes, std::uint32_t root, unsigned names) {
    std::vector<bool> of(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        std::size_t held = 0;
        for (auto child : nodes[i].children) {
            if (child >= i) std::abort();
            held += of[child] ? 1 : 0;
        }
        switch (nodes[i].kind) {
            case Node::Kind::item: of[i] = (names >> nodes[i].item & 1) != 0; break;
            case Node::Kind::all: of[i] = held == nodes[i].children.size(); break;
            case Node::Kind::any: of[i] = held > 0; break;
            case Node::Kind::none: of[i] = held == 0; break;
            case Node::Kind::at_least: of[i] = held >= nodes[i].count; break;
        }
    }
    return of[root];
}

std::vector<Node> searches() {
    std::vector<Node> nodes(kNames.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) nodes[i].item = i;
    return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    auto nodes = searches(), negated_nodes = searches();
    auto root = parse_condition(text, kNames, nodes);
    auto negated = parse_condition("not (" + text + ")", kNames, negated_nodes);
    if (root && !negated) std::abort();  // brackets round a whole condition are no fault
    if (!root) return 0;
    if (*root >= nodes.size() || *negated >= negated_nodes.size()) std::abort();
    for (unsigned names = 0; names < 64; ++names)
        if (truth(nodes, *root, names) == truth(negated_nodes, *negated, names)) std::abort();
    return 0;
}
