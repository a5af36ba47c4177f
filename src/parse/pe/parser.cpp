// Windows programs, for one fact: which Exchange build is installed. The file version of ExSetup.exe and of Exchange's
// own libraries moves with every security update, which the version that Exchange itself displays does not. Other
// programs are claimed, so that they count as understood, and say nothing.
#include "base/text.hpp"
#include "model/stage.hpp"
#include "parse/pe/resource.hpp"

namespace ascribe {
namespace {

bool is_exchange_program(std::string_view name) {
    return equals_folded(name, "ExSetup.exe") ||
           (starts_folded(name, "Microsoft.Exchange.") && ends_folded(name, ".dll"));
}

int claim(std::string_view, std::span<const std::byte> head) {
    if (!as_text(head).starts_with("MZ")) return 0;
    Reader in(head);
    if (!in.seek(0x3C, "pe.offset")) return 0;
    auto at = in.little<std::uint32_t>("pe.offset");
    if (!at || *at > head.size()) return 0;
    return as_text(head).substr(*at).starts_with(std::string_view("PE\0\0", 4)) ? 90 : 0;
}

void parse(const Part& part, Sink& sink) {
    if (part.base != 0) return;  // a segment of a program too long for memory: no Exchange file is
    auto version = pe::read_version(part.whole.view());
    auto name = base_name(part.path);
    if (!version) {  // worth telling only where the answer was wanted
        if (is_exchange_program(name)) sink.damage(version.error());
        return;
    }
    bool is_exchange =
        contains_folded(version->product_name, "Microsoft") && contains_folded(version->product_name, "Exchange");
    if (!is_exchange || !(is_exchange_program(name) || is_exchange_program(version->original_name))) return;
    RecordBatch batch(RecordKind::installed_build, part.artefact, part.whole, part.base);
    auto row = batch.append(kNoTime, version->offset, version->size);
    row[InstalledBuild::product] = batch.keep("Exchange Server");
    row[InstalledBuild::build] = batch.keep(version->file_version);
    row[InstalledBuild::source] = std::string_view("pe_version");
    row[InstalledBuild::path] = batch.keep(part.path);
    sink.batch(std::move(batch));
}

}  // namespace

extern const Parser kPeParser;
const Parser kPeParser{"pe", "Version of Exchange's programs",
                       "https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo", claim, parse};

}  // namespace ascribe
