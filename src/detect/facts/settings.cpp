// facts.settings: the lines of configuration that decide whether a vulnerability is open although the build is not
// fixed: rewrite rules that block it, mitigations of the Exchange Emergency Mitigation service, Extended Protection,
// and what an earlier check said of them.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "base/text.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

// Far more than the rules of a real server. The smallest keys are kept, so that any order of merges keeps the same
// ones.
constexpr std::size_t kMaxSettings = 4'096;
constexpr std::size_t kMaxText = 1'024;  // of a name, value or path; the rest tells nothing about exposure

// Categories of Setting that bear on exposure. Modules, handlers and machine keys are persistence, not exposure.
constexpr std::string_view kCategories[] = {
    "rewrite_rule", "mitigation",        "extended_protection", "setting_override", "serialized_data_signing",
    "prior_check",  "token_cache_module"};

using Key = std::tuple<std::string, std::string, std::string, std::string>;  // category, name, value, path

std::string cut(std::string_view text) { return std::string(text.substr(0, kMaxText)); }

class Settings {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto category = row.text(Setting::category);
            if (std::ranges::find(kCategories, category) == std::end(kCategories)) continue;
            Key key{cut(category), cut(row.text(Setting::name)), cut(row.text(Setting::value)),
                    cut(row.text(Setting::path))};
            if (keep(std::move(key), row.ref)) batch.cite(row);
        }
        trim();
    }

    void merge(const Settings& other) {
        for (const auto& [key, ref] : other.settings_) keep(key, ref);
        trim();
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto& [key, ref] : settings_) {
            const auto& [category, name, value, path] = key;
            conclusion.facts.settings.push_back({category, name, value, path, ref});
        }
        return conclusion;
    }

    void save(Writer& out) const {
        out.count(settings_.size());
        for (const auto& [key, ref] : settings_) {
            std::apply([&](const auto&... text) { (out.text(text), ...); }, key);
            save_ref(out, ref);
        }
    }

    static Result<Settings> load(Reader& in) {
        Settings settings;
        auto count = TRY(in.count("settings.count"));
        if (count > kMaxSettings)
            return std::unexpected(Error{Fault::too_large, "settings.count", in.offset(), count, kMaxSettings});
        for (std::uint32_t i = 0; i < count; ++i) {
            std::array<std::string, 4> text;
            for (auto& part : text) part = cut(TRY(in.text("settings.text")));
            auto ref = TRY(load_ref(in));
            settings.keep({text[0], text[1], text[2], text[3]}, ref);
        }
        return settings;
    }

private:
    /// True when the row now stands for its key.
    bool keep(Key key, const Ref& ref) {
        if (settings_.size() >= kMaxSettings && std::prev(settings_.end())->first < key) return false;
        auto [at, added] = settings_.try_emplace(std::move(key), ref);
        if (!added && !(ref < at->second)) return false;
        at->second = ref;
        return true;
    }

    void trim() {
        while (settings_.size() > kMaxSettings) settings_.erase(std::prev(settings_.end()));
    }

    std::map<Key, Ref> settings_;
};

constexpr RecordKind kReads[] = {RecordKind::setting};

}  // namespace

extern const Detector kFactsSettings =
    fold_of<Settings>("facts.settings", "Configuration that mitigates a vulnerability or leaves it open", kReads);

}  // namespace ascribe
