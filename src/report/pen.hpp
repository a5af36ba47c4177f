// Hostile text at the speed of a copy: escapes for JSON, XML and CSV written straight into room that the caller made,
// sixteen bytes at a time where nothing needs an escape. All it writes for JSON and XML is printable ASCII.
#pragma once

#include <charconv>
#include <concepts>
#include <cstring>
#include <string_view>

#include "base/time.hpp"

namespace ascribe {

class Pen {
public:
    /// What one byte of text can become, at most: \u0000 in JSON, &quot; or &#xFFFD; in XML; and in CSV "" or \u{e0001}
    /// for four bytes, \x00 for one.
    static constexpr std::size_t kJson = 6, kXml = 8, kCsv = 4;
    /// Room for any number, and what must be free behind the last text: copies are of whole blocks.
    static constexpr std::size_t kNumber = 20, kSlack = 16;

    explicit Pen(char* at) : at_(at) {}
    char* at() const { return at_; }

    void raw(char c) { *at_++ = c; }
    void raw(std::string_view text) {
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void time(Time time) { at_ += format_time(time, at_); }
    void number(std::integral auto value) { at_ = std::to_chars(at_, at_ + kNumber, value).ptr; }

    /// Text inside a JSON string; what is not UTF-8 becomes U+FFFD.
    void json(std::string_view text);
    /// Text inside an element or a quoted attribute, on one line; what XML 1.0 cannot hold becomes U+FFFD.
    void xml(std::string_view text);
    /// Text inside a quoted cell: as visible() shows it, quotes doubled.
    void csv(std::string_view text);

private:
    char* at_;
};

}  // namespace ascribe
