// Everything known about one job: the only thing reports, the case file and later the API read.
#pragma once

#include <string>
#include <vector>

#include "model/incident.hpp"
#include "model/record.hpp"

namespace ascribe {

/// Differs between runs on the same evidence, so it stands apart: everything else of a case is byte-identical.
struct RunHeader {
    std::string version, command_line, isolation;  // isolation: "full (Landlock 4, seccomp)"
    int workers = 0;
    Time started = kNoTime, finished = kNoTime;
};

/// How old the reference data is.
struct IntelNote {
    std::string name, version;  // "builtin" or the directory given; its date
    Time as_of = kNoTime;
    int age_days = 0;     // at the end of the evidence's run
    std::string warning;  // non-empty past 90 days
};

struct Totals {
    std::uint64_t artefacts = 0, bytes = 0, records = 0, bad = 0, unread = 0;
};

struct Case {
    RunHeader run;
    std::vector<std::string> evidence;   // the arguments, as given
    std::vector<Artefact> artefacts;     // index = ArtefactId
    std::vector<Accounting> accounting;  // one for each artefact that a parser read
    std::vector<Damage> damage;
    std::vector<Incident> incidents;  // one a server
    Citations citations;              // the bytes behind every Ref of the case
    IntelNote intel;
    bool integrity_failed = false;  // a collector's hash does not match, or evidence changed while it was read

    const Artefact* artefact(ArtefactId id) const {
        return id.value < artefacts.size() ? &artefacts[id.value] : nullptr;
    }
};

}  // namespace ascribe
