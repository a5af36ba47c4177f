// Texts of JSON that others wrote, where what is missing is nothing.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace ascribe {

/// "" where the key is missing or holds no text.
inline std::string text_of(simdjson::dom::element object, std::string_view key) {
    std::string_view text;
    return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

}  // namespace ascribe
