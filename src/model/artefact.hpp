// Evidence as the case knows it: artefacts, where bytes of them lie, what was damaged, and that every line is accounted
// for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace ascribe {

using ArtefactId = Id<struct ArtefactTag>;

/// Provenance: which bytes of which artefact. Every claim in a report ends in one of these.
struct Ref {
    ArtefactId artefact;
    std::uint32_t size = 0;    // bytes; a record longer than 4 GiB is refused as damage
    std::uint64_t offset = 0;  // bytes from the start of the artefact (of the decoded member, for an archive)
    friend auto operator<=>(const Ref&, const Ref&) = default;
};
static_assert(sizeof(Ref) == 16);

/// One file taken from the evidence. Its hash is taken in the run that reads it, before a finding on it is reported.
struct Artefact {
    ArtefactId id;
    std::string path;  // as the evidence names it, outer!inner for archive members; the analyst can find it by this
    std::string windows_path;  // as it was on the server, such as C:\inetpub\logs\...; "" when the layout does not say
    std::string group;         // which server's collection it lies in ("" when there is one); see evidence/layout
    std::string layout;        // kape, velociraptor, cylr, exchange_log_collector, plain, ...
    std::uint64_t size = 0;
    std::optional<Digest> sha256;
    std::string parser;                     // name of the parser that claimed it; "" when none did
    std::optional<Time> modified, created;  // file-system times, where the collection kept true ones
};

/// Evidence that was damaged, refused or not understood: shown in the report, never hidden, never fatal.
struct Damage {
    ArtefactId artefact;
    Fault fault;
    std::string what;  // the field or limit, such as "w3c.columns"
    std::uint64_t offset = 0, need = 0, have = 0;
};

/// How Damage::what begins where a file is not what its collector sealed.
inline constexpr std::string_view kCustodyDamage = "custody.sha256_differs_from_collector";

/// Lines (or records) in = parsed + counted bad, for one artefact.
struct Accounting {
    ArtefactId artefact;
    std::uint64_t records = 0;     // became rows
    std::uint64_t recovered = 0;   // more rows, from bytes that the log itself no longer counts
    std::uint64_t bad = 0;         // each listed in damage up to kDamageListed, counted exactly beyond it
    std::uint64_t directives = 0;  // #Fields and other lines that carry no record; blank lines
    std::uint64_t scanned = 0;     // bytes read
};

/// Damage listed one by one for an artefact; beyond it only the count grows. A report of a million bad lines helps
/// nobody.
inline constexpr std::size_t kDamageListed = 10'000;

}  // namespace ascribe
