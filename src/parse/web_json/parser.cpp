// Requests as JSON objects that are printed over several lines, or stand in a list within an object, as search engines
// and clouds export them ({"hits": {"hits": [...]}}, {"value": [...]}). What an object means is what it means in an
// access log; objects a line each are read there. Such exports are read in one part.
// https://www.rfc-editor.org/rfc/rfc8259
#include <algorithm>

#include "parse/access_log/json_access.hpp"
#include "parse/lines.hpp"
#include "parse/web_json/objects.hpp"

namespace ascribe {
namespace {

/// Walks a text's records: objects one behind the other, in a list, or in lists within an object that is none itself.
/// `take` is given each and says whether it could be read; what could not is `refuse`d.
template <class Take, class Refuse>
class Records {
public:
    Records(std::string_view text, Take take, Refuse refuse)
        : text_(text), take_(std::move(take)), refuse_(std::move(refuse)) {}

    void walk() {
        std::size_t at = text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
        while ((at = text_.find_first_not_of(kBetween, at)) != std::string_view::npos)
            at = text_[at] == '{' ? object(at, true) : other(at);
    }

private:
    /// A text may be gone over so often for objects without their closing brackets; then they are refused whole.
    static constexpr std::size_t kRescans = 8;
    // Between records; NULs are what a crash leaves.
    static constexpr std::string_view kBetween{" \t\r\n,[]\0", 8};

    /// What stands where an object should, up to its line's end.
    std::size_t other(std::size_t at) {
        auto end = std::min(text_.find('\n', at), text_.size());
        refuse_(text_.substr(at, end - at));
        return end;
    }

    /// Takes the object at `at` or, where it is no record, those in its lists. Returns where it ends.
    std::size_t object(std::size_t at, bool may_hold_lists) {
        auto rest = text_.substr(at);
        auto whole = rest.substr(0, object_size(rest));
        if (take_(whole)) return at + whole.size();
        if (may_hold_lists && lists(at, whole)) return at + whole.size();
        auto line = text_.rfind('\n', at);
        auto begin = line == std::string_view::npos ? 0 : line + 1;
        auto before = text_.substr(begin, at - begin);
        rescanned_ += whole.size();
        if (before.find_first_not_of(" \t") == std::string_view::npos && rescanned_ / kRescans <= text_.size())
            whole = whole.substr(0, damaged_size(whole, before));
        refuse_(whole);
        return at + whole.size();
    }

    bool lists(std::size_t at, std::string_view whole) {
        bool any = false;
        JsonLists lists(whole);
        while (auto first = lists.next()) {
            any = true;
            auto place = at + *first, end = at + whole.size();
            while (place < end && text_[place] == '{') {
                place = object(place, false);
                place = std::min(text_.find_first_not_of(" \t\r\n,", place), end);
            }
            lists.pass(place - at);
        }
        return any;
    }

    std::string_view text_;
    Take take_;
    Refuse refuse_;
    std::size_t rescanned_ = 0;  // bytes of objects that could not be read
};

/// One object as the batch's last row; none where it cannot be read.
Result<void> read_object(const Line& object, JsonAccess& json, RecordBatch& batch) {
    if (object.text.size() > kLineLimit)
        return std::unexpected(Error{Fault::too_large, "line.limit", 0, kLineLimit, object.text.size()});
    auto row = batch.append(kNoTime, object.offset, static_cast<std::uint32_t>(object.text.size()), object.number);
    auto time = json.read(object.text, batch, row);
    if (time) {
        batch.set_time(*time);
        return {};
    }
    batch.drop_last();
    return std::unexpected(time.error());
}

int claim(std::string_view, std::span<const std::byte> head) {
    auto text = as_text(head);
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    auto first = text.find_first_not_of(kJsonBlanks);
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return 0;
    JsonAccess json;
    bool ours = false;
    auto take = [&](std::string_view object) {
        RecordBatch batch(RecordKind::http_request, {}, {});
        bool whole = ours || read_object({object}, json, batch).has_value();
        ours = ours || (whole && is_surely_request(batch[0]));
        return whole;
    };
    Records(text, take, [](std::string_view) {}).walk();
    return ours ? 78 : 0;  // objects a line each are the access log's
}

void parse(const Part& part, Sink& sink) {
    auto text = part.whole.text();
    JsonAccess json;
    Batcher batcher(part, sink);
    Error last;
    std::size_t counted = 0;
    std::uint32_t line = 1;
    auto line_of = [&](std::size_t at) {
        line += static_cast<std::uint32_t>(std::count(text.data() + counted, text.data() + at, '\n'));
        counted = at;
        return line;
    };
    auto take = [&](std::string_view object) {
        auto at = static_cast<std::size_t>(object.data() - text.data());
        auto done =
            read_object({object, part.base + at, line_of(at)}, json, batcher.batch(RecordKind::http_request, ""));
        if (!done) last = done.error();
        return done.has_value();
    };
    auto refuse = [&](std::string_view what) {
        auto error = what.starts_with('{') ? last : Error{Fault::bad_value, "access_log.json", 0};
        error.offset += part.base + static_cast<std::uint64_t>(what.data() - text.data());
        sink.bad(error);
    };
    Records(text, take, refuse).walk();
    sink.lines(line_of(text.size()) - (text.empty() || text.ends_with('\n') ? 1 : 0));
}

}  // namespace

extern const Parser kWebJsonParser;
const Parser kWebJsonParser{"web_json", "web requests as JSON over several lines, or in a list within an object",
                            "https://www.rfc-editor.org/rfc/rfc8259", claim, parse};

}  // namespace ascribe
