#include "evidence/unreadable.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ascribe {
namespace {

struct Kind {
    std::string_view magic, suffix, why;
};
using namespace std::string_view_literals;
constexpr Kind kKinds[] = {
    {"EVF\x09\x0D\x0A\xFF\x00"sv, ".e01"sv, "an E01 disk image: mount it read-only and give the folder"sv},
    {"KDMV"sv, ".vmdk"sv, "a VMware disk image: mount it read-only and give the folder"sv},
    {"vhdxfile"sv, ".vhdx"sv, "a VHDX disk image: mount it read-only and give the folder"sv},
    {"conectix"sv, ".vhd"sv, "a VHD disk image: mount it read-only and give the folder"sv},
    {"IBLOGFILE"sv, ".ibl"sv, "an IIS central binary log: convert it with Log Parser on Windows and give the text"sv},
    {""sv, ".ibl"sv, "an IIS central binary log: convert it with Log Parser on Windows and give the text"sv},
    {"regf"sv, ""sv, "a registry hive: not read by this version"sv},
    {""sv, ".p7b"sv, "an encrypted DFIR-ORC container: decrypt it with your key and give the 7z inside"sv},
};

}  // namespace

std::string known_unreadable(std::string_view path, std::span<const std::byte> head) {
    for (const Kind& kind : kKinds) {
        bool by_content = !kind.magic.empty() && as_text(head).starts_with(kind.magic);
        bool by_name = kind.magic.empty() && ends_folded(path, kind.suffix);
        if (by_content || by_name) return std::string(kind.why);
    }
    return {};
}

}  // namespace ascribe
