// facts.hashes: what a collector noted as the SHA-256 of a file when it took it. The engine compares these with the
// bytes we hold; a difference means that the evidence changed on its way. A listing made on the server at some other
// time is no such note: files may change between the two.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

// A collection of this many files is far beyond what our layouts describe (a whole Exchange server has some 300,000).
// The smallest paths are kept, so that any order of merges keeps the same ones, and that there were more is told.
constexpr std::size_t kMaxHashes = 1 << 20;
constexpr std::size_t kMaxPath = 4'096;  // of what the collector may say; Windows' own paths end at 32,767 letters
constexpr std::size_t kDigits = 64;      // of a SHA-256 in hexadecimal

using Key = std::pair<std::string, std::string>;  // path, sha256

bool is_digest(std::string_view text) {
    return text.size() == kDigits && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

class Hashes {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto path = row.text(FileEntry::path), digest = row.text(FileEntry::sha256),
                 origin = row.text(FileEntry::origin);
            if (origin == "evidence" || origin == "listing" || !is_digest(digest) || path.empty() ||
                path.size() > kMaxPath)
                continue;
            if (keep({std::string(path), lower(digest)}, row.ref)) batch.cite(row);
        }
        trim();
    }

    void merge(const Hashes& other) {
        for (const auto& [key, ref] : other.hashes_) keep(key, ref);
        cut_ = cut_ || other.cut_;
        trim();
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto& [key, ref] : hashes_) conclusion.facts.hashes.push_back({key.first, key.second, ref});
        conclusion.facts.hashes_cut = cut_;
        return conclusion;
    }

    void save(Writer& out) const {
        out.little(static_cast<std::uint8_t>(cut_));
        out.count(hashes_.size());
        for (const auto& [key, ref] : hashes_) {
            out.text(key.first);
            out.text(key.second);
            save_ref(out, ref);
        }
    }

    static Result<Hashes> load(Reader& in) {
        Hashes hashes;
        hashes.cut_ = TRY(in.little<std::uint8_t>("hashes.cut")) != 0;
        auto count = TRY(in.count("hashes.count"));
        if (count > kMaxHashes)
            return std::unexpected(Error{Fault::too_large, "hashes.count", in.offset(), count, kMaxHashes});
        for (std::uint32_t i = 0; i < count; ++i) {
            auto path = TRY(in.text("hashes.path"));
            auto digest = TRY(in.text("hashes.sha256"));
            auto ref = TRY(load_ref(in));
            if (path.size() > kMaxPath || !is_digest(digest))
                return std::unexpected(Error{Fault::bad_value, "hashes.sha256", in.offset()});
            hashes.keep({std::string(path), lower(digest)}, ref);
        }
        return hashes;
    }

private:
    /// True when the row now stands for its key.
    bool keep(Key key, const Ref& ref) {
        if (hashes_.size() >= kMaxHashes && std::prev(hashes_.end())->first < key) {
            cut_ = true;
            return false;
        }
        auto [at, added] = hashes_.try_emplace(std::move(key), ref);
        if (!added && !(ref < at->second)) return false;
        at->second = ref;
        return true;
    }

    void trim() {
        cut_ = cut_ || hashes_.size() > kMaxHashes;
        while (hashes_.size() > kMaxHashes) hashes_.erase(std::prev(hashes_.end()));
    }

    std::map<Key, Ref> hashes_;
    bool cut_ = false;  // so it is whenever there are more in all, in whichever order they come
};

constexpr RecordKind kReads[] = {RecordKind::file_entry};

}  // namespace

extern const Detector kFactsHashes =
    fold_of<Hashes>("facts.hashes", "Hashes that the collector noted when it took the files", kReads);

}  // namespace ascribe
