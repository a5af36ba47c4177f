#include "shells/judge/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/text.hpp"
#include "intel/files.hpp"

namespace ascribe::shells {
namespace {

/// Shares smaller than this tell a reader nothing.
constexpr double kLeastShare = 0.01;
/// A tree deeper than this is not ours: the walk must end.
constexpr std::size_t kMostNodes = 1 << 12;

bool number(std::string_view text, auto& value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::expected<Model, std::string> Model::read(std::string_view text) {
    Model model;
    std::size_t number_of_line = 0;
    auto refuse = [&](std::string_view why) {
        return std::unexpected(fmt::format("shells/model.tsv line {}: {}", number_of_line, why));
    };
    for (auto line : split(text, '\n')) {
        ++number_of_line;
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        if (cells[0] == "feature" && cells.size() == 2) {
            model.features_.emplace_back(cells[1]);
        } else if (cells[0] == "bias" && cells.size() == 2) {
            if (!number(cells[1], model.bias_)) return refuse("bias needs a number");
        } else if (cells[0] == "threshold" && cells.size() == 4) {
            Thresholds read;
            if (!number(cells[2], read.malicious) || !number(cells[3], read.suspicious))
                return refuse("threshold needs a platform and two numbers");
            for (std::size_t i = 0; i < model.thresholds_.size(); ++i)
                if (to_string(static_cast<Platform>(i)) == cells[1]) model.thresholds_[i] = read;
        } else if (cells[0] == "knot" && cells.size() == 3) {
            Knot knot{};
            if (!number(cells[1], knot.raw) || !number(cells[2], knot.probability)) return refuse("knot of numbers");
            if (!model.knots_.empty() && knot.raw <= model.knots_.back().raw) return refuse("knots must ascend");
            model.knots_.push_back(knot);
        } else if (cells[0] == "tree") {
            model.trees_.emplace_back();
        } else if (cells[0] == "node" && cells.size() == 6 && !model.trees_.empty()) {
            Node node;
            bool read = number(cells[1], node.feature) && number(cells[2], node.threshold) &&
                        number(cells[3], node.left) && number(cells[4], node.right) && number(cells[5], node.value);
            auto index = model.trees_.back().size();
            if (!read) return refuse("node of numbers");
            if (node.feature >= static_cast<std::int64_t>(model.features_.size())) return refuse("unknown feature");
            if (index >= kMostNodes) return refuse("tree too large");
            if (node.feature >= 0 && (node.left <= index || node.right <= index)) return refuse("children come later");
            model.trees_.back().push_back(node);
        } else {
            return refuse("unknown row");
        }
    }
    for (const auto& tree : model.trees_) {
        if (tree.empty()) return refuse("a tree without nodes");
        model.bias_ += tree.front().value;
        for (const Node& node : tree)
            if (node.feature >= 0 && (node.left >= tree.size() || node.right >= tree.size()))
                return refuse("a child that there is not");
    }
    return model;
}

double Model::calibrated(double raw) const {
    if (knots_.empty()) return 0;
    auto above = std::ranges::upper_bound(knots_, raw, {}, &Knot::raw);
    if (above == knots_.begin()) return knots_.front().probability;
    if (above == knots_.end()) return knots_.back().probability;
    auto below = above - 1;
    double share = (raw - below->raw) / (above->raw - below->raw);
    return below->probability + share * (above->probability - below->probability);
}

Model::Score Model::score(std::span<const Feature> features) const {
    std::vector<double> values(features_.size());
    std::size_t next = 0;  // both ascend by name
    for (std::size_t i = 0; i < features_.size(); ++i) {
        while (next < features.size() && features[next].name < features_[i]) ++next;
        if (next < features.size() && features[next].name == features_[i]) values[i] = features[next].value;
    }
    std::vector<double> shares(features_.size());
    Score score;
    score.raw = bias_;
    for (const auto& tree : trees_) {
        std::size_t at = 0;
        while (tree[at].feature >= 0) {
            auto asked = static_cast<std::size_t>(tree[at].feature);
            auto to = values[asked] <= tree[at].threshold ? tree[at].left : tree[at].right;
            shares[asked] += tree[to].value - tree[at].value;
            at = to;
        }
        score.raw += tree[at].value - tree.front().value;
    }
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (std::abs(shares[i]) >= kLeastShare) score.shares.push_back({i, shares[i]});
    std::ranges::sort(score.shares, [](const Share& a, const Share& b) {
        return std::pair(-std::abs(a.weight), a.feature) < std::pair(-std::abs(b.weight), b.feature);
    });
    score.probability = calibrated(score.raw);
    return score;
}

const Model& builtin_model() {
    static const Model model = [] {
        auto files = builtin_intel_files();
        auto read = Model::read(files["shells/model.tsv"]);
        return read ? std::move(*read) : Model{};
    }();
    return model;
}

}  // namespace ascribe::shells
