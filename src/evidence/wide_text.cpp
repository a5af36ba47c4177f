// Claimed with the least sureness there is, so that a parser that reads UTF-16 itself goes first, and only where the
// first line is one of a log: settings, registry exports and pages of the kind stay what they are. Pieces are cut
// between two characters; a lone surrogate becomes U+FFFD.
#include "evidence/wide_text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr std::size_t kLooked = 4096;

enum class Order : std::uint8_t { little, big };

struct Form {
    Order order = Order::little;
    std::size_t mark = 0;  // bytes of the byte order mark
};

/// By its mark, or where every other byte of the beginning is zero: a log begins in ASCII.
std::optional<Form> form_of(std::string_view head) {
    using namespace std::string_view_literals;
    if (head.starts_with("\xFF\xFE"sv)) return Form{Order::little, 2};
    if (head.starts_with("\xFE\xFF"sv)) return Form{Order::big, 2};
    constexpr std::size_t kEnough = 32;
    if (head.size() < kEnough) return {};
    auto zeros = [head](std::size_t from) {
        for (std::size_t i = 0; i < kEnough; i += 2)
            if (head[i + from] != '\0' || head[i + 1 - from] == '\0') return false;
        return true;
    };
    if (zeros(1)) return Form{Order::little, 0};
    if (zeros(0)) return Form{Order::big, 0};
    return {};
}

void swap_bytes(std::string& text) {
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) std::swap(text[i], text[i + 1]);
}

/// Names of a table of requests, as exports begin.
bool is_line_of_names(std::string_view line) {
    auto has = [line](auto... words) { return (contains_folded(line, words) || ...); };
    return line.find_first_of(",;\t") != std::string_view::npos && has("time", "date") &&
           has("uri", "url", "method", "status");
}

/// A W3C or Exchange header, JSON, a row that begins with its date, the bracket that holds an access log's time, or
/// names of columns.
bool is_line_of_log(std::string_view line) {
    if (line.starts_with("#") || line.starts_with("{\"") || line.starts_with("\"DateTime\"") ||
        line.starts_with("DateTime,") || is_line_of_names(line))
        return true;
    if (auto bracket = trim(line); bracket == "{" || bracket == "[") return true;
    auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    bool dated =
        line.size() > 10 && std::all_of(line.begin(), line.begin() + 4, is_digit) && line[4] == '-' && line[7] == '-';
    auto bracket = line.find(" [");
    bool accessed = bracket != std::string_view::npos && line.size() > bracket + 28 && line[bracket + 4] == '/' &&
                    line[bracket + 28] == ']';
    return dated || accessed;
}

int claim(std::string_view, std::span<const std::byte> head) {
    auto raw = as_text(head).substr(0, kLooked);
    auto form = form_of(raw);
    if (!form) return 0;
    std::string units(raw.substr(form->mark));
    if (form->order == Order::big) swap_bytes(units);
    auto text = from_utf16(units);
    auto line = std::string_view(text).substr(0, text.find_first_of("\r\n"));
    return is_line_of_log(line) ? 1 : 0;
}

bool is_high_surrogate(std::string_view unit) { return (static_cast<unsigned char>(unit[1]) & 0xFC) == 0xD8; }

Result<void> open(int descriptor, std::string_view path, const OpenOptions&, MemberSink& sink) {
    std::string kept;  // of a character that is not whole yet
    std::string piece(kPiece, '\0');
    std::optional<Form> form;
    if (!sink.begin({.path = std::string(base_name(path))})) return {};
    for (std::uint64_t at = 0;;) {
        auto got = pread(descriptor, piece.data(), piece.size(), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::unexpected(Error{Fault::io, "text.utf16", at});
        if (got == 0) {
            if (!kept.empty())
                sink.damage({Fault::truncated, "text.utf16", at - kept.size(), 2, kept.size()}, base_name(path));
            break;
        }
        std::string_view raw(piece.data(), static_cast<std::size_t>(got));
        if (!form) {
            form = form_of(raw).value_or(Form{});
            raw.remove_prefix(std::min(form->mark, raw.size()));
        }
        at += static_cast<std::uint64_t>(got);
        auto units = kept.append(raw);
        if (form->order == Order::big) swap_bytes(units);
        auto whole = units.size() / 2 * 2;
        if (whole >= 2 && is_high_surrogate(std::string_view(units).substr(whole - 2))) whole -= 2;
        auto text = from_utf16(std::string_view(units).substr(0, whole));
        kept.erase(0, whole);
        if (!text.empty() && !sink.write(as_bytes(text))) return {};
    }
    sink.end();
    return {};
}

}  // namespace

const Opener kWideTextOpener{"utf16", "text logs in UTF-16, read as UTF-8", claim, open};

}  // namespace ascribe
