// Kinds are told by their first bytes, and by their name only where the bytes say nothing: a renamed text stays a text.
#include "evidence/unreadable.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ascribe {
namespace {

/// Both must fit; an empty one always does.
struct Kind {
    std::string_view magic, suffix, why;
};
using namespace std::string_view_literals;
// What Windows PowerShell 5.1 writes with > and Out-File.
constexpr auto kUtf16 = "a text in UTF-16: convert it with iconv -f UTF-16 -t UTF-8 and give that"sv;
constexpr Kind kKinds[] = {
    {"EVF\x09\x0D\x0A\xFF\x00"sv, ""sv, "an E01 disk image: mount it read-only and give the folder"sv},
    {"EVF2\x0D\x0A\x81\x00"sv, ""sv, "an Ex01 disk image: mount it read-only and give the folder"sv},
    {"LVF\x09\x0D\x0A\xFF\x00"sv, ""sv, "an L01 evidence file: export its files and give the folder"sv},
    {"KDMV"sv, ""sv, "a VMware disk image: mount it read-only and give the folder"sv},
    {"# Disk DescriptorFile"sv, ""sv,
     "the description of a VMware disk image: mount the image read-only and give the folder"sv},
    {"vhdxfile"sv, ""sv, "a VHDX disk image: mount it read-only and give the folder"sv},
    {"conectix"sv, ""sv, "a VHD disk image: mount it read-only and give the folder"sv},
    {"QFI\xFB"sv, ""sv, "a QCOW2 disk image: mount it read-only and give the folder"sv},
    {"\xEB\x52\x90NTFS    "sv, ""sv, "an image of an NTFS volume: mount it read-only and give the folder"sv},
    {"MSWIM\0\0\0"sv, ""sv, "a Windows image: unpack it and give the folder"sv},
    {"MSCF\0\0\0\0"sv, ""sv, "a cabinet archive: unpack it and give the folder"sv},
    {"FILE0"sv, ""sv, "an NTFS master file table: not read by this version"sv},
    {"regf"sv, ""sv, "a registry hive: not read by this version"sv},
    {"IBLOGFILE"sv, ""sv, "an IIS central binary log: convert it with Log Parser on Windows and give the text"sv},
    {"-----BEGIN PGP MESSAGE-----"sv, ""sv,
     "an encrypted PGP message: decrypt it with your key and give what is inside"sv},
    {"Salted__"sv, ""sv, "a file encrypted with OpenSSL: decrypt it with your password and give what is inside"sv},
    {"age-encryption.org/v1\n"sv, ""sv,
     "a file encrypted with age: decrypt it with your key and give what is inside"sv},
    {"\xFF\xFE"sv, ".log"sv, kUtf16},
    {"\xFF\xFE"sv, ".txt"sv, kUtf16},
    {"\xFF\xFE"sv, ".csv"sv, kUtf16},
    {"\xFF\xFE"sv, ".json"sv, kUtf16},
    {"\xFF\xFE"sv, ".jsonl"sv, kUtf16},
    {""sv, ".ibl"sv, "an IIS central binary log: convert it with Log Parser on Windows and give the text"sv},
    {""sv, ".p7b"sv, "an encrypted DFIR-ORC container: decrypt it with your key and give the 7z inside"sv},
    {""sv, ".gpg"sv, "an encrypted PGP file: decrypt it with your key and give what is inside"sv},
    {""sv, ".pgp"sv, "an encrypted PGP file: decrypt it with your key and give what is inside"sv},
    {""sv, ".vhd"sv, "a VHD disk image: mount it read-only and give the folder"sv},
    {""sv, ".iso"sv, "a disc image: mount it read-only and give the folder"sv},
};

}  // namespace

std::string known_unreadable(std::string_view path, std::span<const std::byte> head) {
    for (const Kind& kind : kKinds) {
        if (as_text(head).starts_with(kind.magic) && ends_folded(path, kind.suffix)) return std::string(kind.why);
    }
    return {};
}

}  // namespace ascribe
