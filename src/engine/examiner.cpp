#include "engine/examiner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.hpp"
#include "shells/prefilter.hpp"

namespace ascribe {
namespace {

bool is_stock(std::string_view path, const Digest& digest, const Intel& intel) {
    auto known = intel.stock_digests.find(lower(base_name(path)));
    return known != intel.stock_digests.end() &&
           std::ranges::find(known->second, to_hex(digest)) != known->second.end();
}

}  // namespace

void examine_script(const Job& job, const Bytes& bytes, const ScriptScan& scan, const Intel& intel, Reply& reply) {
    if (job.base != 0) return;
    auto analysis = shells::examine(job.path, bytes.text(), scan.depth);
    if (job.streamed) analysis.limits.emplace_back("script.bytes");
    shells::YaraRules::Result yara;
    if (scan.rules && (scan.rules_on_all || shells::may_matter(job.path, bytes.text())))
        yara = scan.rules->scan(job.path, bytes.text());
    if (yara.timed_out) analysis.limits.emplace_back("yara.time");
    for (const std::string& rule : yara.slow) analysis.limits.push_back("yara.rule_too_slow: " + rule);
    if (!yara.rules.empty()) analysis.verdict = std::max(analysis.verdict, shells::Verdict::suspicious);
    Writer out;
    bool told = analysis.verdict != shells::Verdict::benign || scan.detail == shells::Detail::explanation;
    bool hashed = told && !job.streamed;
    out.little(static_cast<std::uint8_t>(hashed));
    if (hashed) {
        auto digest = sha256(bytes.view());
        out.text(as_text(digest));
        if (is_stock(job.path, digest, intel)) {
            analysis.verdict = shells::Verdict::benign;
            analysis.reasons.insert(analysis.reasons.begin(),
                                    {"context.stock", "a page of a known Exchange build, byte for byte", 0, {}});
        }
    }
    save(analysis, scan.detail, out);
    out.count(yara.rules.size());
    for (const auto& rule : yara.rules) out.text(rule);
    auto features = scan.features ? features_of(analysis) : std::vector<shells::Feature>{};
    out.count(features.size());
    for (const shells::Feature& feature : features) {
        out.text(feature.name);
        out.little(std::bit_cast<std::uint64_t>(feature.value));
    }
    reply.examined = out.take();
}

Result<ExaminedScript> load_examined(Reader& in) {
    ExaminedScript script;
    script.hashed = TRY(in.little<std::uint8_t>("examined.hashed")) != 0;
    if (script.hashed) {
        auto digest = TRY(in.text("examined.digest"));
        if (digest.size() != script.digest.size())
            return std::unexpected(Error{Fault::bad_value, "examined.digest", in.offset()});
        std::memcpy(script.digest.data(), digest.data(), digest.size());
    }
    script.analysis = TRY(shells::load(in));
    auto rules = TRY(in.count("examined.rules"));
    for (std::uint32_t i = 0; i < rules; ++i) {
        auto rule = TRY(in.text("examined.rule"));
        script.rules.emplace_back(rule);
    }
    auto features = TRY(in.count("examined.features"));
    for (std::uint32_t i = 0; i < features; ++i) {
        shells::Feature feature;
        feature.name = TRY(in.text("feature.name"));
        feature.value = std::bit_cast<double>(TRY(in.little<std::uint64_t>("feature.value")));
        script.features.push_back(std::move(feature));
    }
    return script;
}

}  // namespace ascribe
