// Texts, lists and streams of Java's library and of what is common beside it: forms of the same.
// https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/String.html
#include "shells/library/tables.hpp"

namespace ascribe::shells {
namespace {

constexpr Entry kTable[] = {
    {.name = "String.format"},
    {.name = "String.join"},
    {.name = "MessageFormat.format"},
    {.name = "Objects.toString"},
    {.name = "Objects.requireNonNull"},
    {.name = "Optional.of"},
    {.name = "Optional.ofNullable"},
    {.name = "Arrays.asList"},
    {.name = "Arrays.copyOf"},
    {.name = "Arrays.copyOfRange"},
    {.name = "Arrays.stream"},
    {.name = "Arrays.toString"},
    {.name = "List.of"},
    {.name = "Set.of"},
    {.name = "Stream.of"},
    {.name = "Collections.singletonList"},
    {.name = "URI.create"},
    {.name = "StringUtils.trim"},
    {.name = "StringUtils.strip"},
    {.name = "StringUtils.reverse"},
    {.name = "StringUtils.defaultString"},
    {.name = "StringUtils.remove"},
    {.name = "StringUtils.replace"},
    {.name = "StringUtils.join"},
    {.name = "StringUtils.split"},
    {.name = "IOUtils.toString"},
    {.name = "IOUtils.toByteArray"},
    {.name = "IOUtils.readLines"},
    {.name = "JSON.parse"},
    {.name = "JSON.parseObject"},
    {.name = "JSONObject.parseObject"},
    {.name = ".fromJson"},
    {.name = ".readValue"},
    {.name = ".readTree"},
    {.name = ".cast"},
    {.name = "StringEscapeUtils.unescapeHtml"},
    {.name = "StringEscapeUtils.unescapeHtml4"},
    {.name = "StringEscapeUtils.unescapeJava"},
    {.name = "StringEscapeUtils.unescapeXml"},
    {.name = "HtmlUtils.htmlUnescape"},
    {.name = "UriUtils.decode"},
    {.name = "request.getRequestURL", .result = Result::source, .origin = Origin::request},
};

}  // namespace

const std::span<const Entry> kJavaText = kTable;

}  // namespace ascribe::shells
