// The members of every model type, listed once: saving, loading and comparing a case all walk this list. A member that
// is missing here fails the round-trip test.
#pragma once

#include "model/case.hpp"

namespace ascribe {

template <class V, class T>
void fields(V&, T&) = delete;

#define ASCRIBE_FIELDS(Type, ...)    \
    template <class V>               \
    void fields(V& visit, Type& o) { \
        visit(__VA_ARGS__);          \
    }

ASCRIBE_FIELDS(Ref, o.artefact.value, o.size, o.offset)
ASCRIBE_FIELDS(Build, o.part[0], o.part[1], o.part[2], o.part[3])
ASCRIBE_FIELDS(ArtefactId, o.value)
ASCRIBE_FIELDS(Artefact, o.id, o.path, o.windows_path, o.group, o.layout, o.size, o.sha256, o.parser, o.modified,
               o.created)
ASCRIBE_FIELDS(Damage, o.artefact, o.fault, o.what, o.offset, o.need, o.have)
ASCRIBE_FIELDS(Accounting, o.artefact, o.records, o.recovered, o.bad, o.directives, o.scanned)
ASCRIBE_FIELDS(Finding, o.id, o.detector, o.level, o.severity, o.question, o.probability, o.time, o.raw_time, o.last,
               o.moments, o.clock, o.statement, o.techniques, o.cves, o.software, o.indicator, o.links, o.evidence,
               o.evidence_total, o.address, o.page, o.account, o.session)
ASCRIBE_FIELDS(BuildSeen, o.build, o.source, o.first, o.last, o.first_ref, o.last_ref)
ASCRIBE_FIELDS(SourceSeen, o.source, o.hours, o.records, o.first, o.last, o.first_ref, o.last_ref)
ASCRIBE_FIELDS(ClockSeen, o.artefact, o.outer, o.inner, o.least, o.most, o.rows, o.sample, o.sample_outer,
               o.sample_inner)
ASCRIBE_FIELDS(SettingSeen, o.category, o.name, o.value, o.path, o.ref)
ASCRIBE_FIELDS(HashSeen, o.path, o.sha256, o.ref)
ASCRIBE_FIELDS(Facts, o.builds, o.sources, o.clocks, o.settings, o.hashes)
ASCRIBE_FIELDS(Exposure, o.cve, o.family, o.state, o.from, o.until, o.open_in_window, o.before_installation, o.reason,
               o.evidence)
ASCRIBE_FIELDS(Thread, o.id, o.first, o.last, o.addresses, o.pages, o.accounts, o.findings)
ASCRIBE_FIELDS(ActorChance, o.id, o.name, o.probability, o.score, o.sponsor)
ASCRIBE_FIELDS(EvidenceLine, o.item, o.what, o.nats, o.without, o.findings)
ASCRIBE_FIELDS(ThreadAttribution, o.thread, o.named, o.sentence, o.confidence, o.soundness, o.actors, o.other,
               o.evidence, o.carried_by, o.against, o.if_planted, o.change, o.unknown, o.knowledge)
ASCRIBE_FIELDS(Step, o.time, o.raw_time, o.clock, o.finding, o.thread)
ASCRIBE_FIELDS(ClockNote, o.statement, o.artefacts, o.correction, o.rows, o.evidence)
ASCRIBE_FIELDS(Gap, o.from, o.until)
ASCRIBE_FIELDS(Coverage, o.family, o.question, o.from, o.until, o.days, o.days_covered, o.share, o.answered, o.sources,
               o.gaps, o.collect)
ASCRIBE_FIELDS(Judgement, o.answer, o.findings)
ASCRIBE_FIELDS(Verdict, o.state, o.sentence, o.likelihood, o.confidence, o.exposed, o.attempted, o.exploited, o.shell,
               o.used, o.coverage, o.covered_from, o.covered_until, o.actions)
ASCRIBE_FIELDS(Incident, o.server, o.names, o.findings, o.facts, o.exposures, o.threads, o.attributions, o.timeline,
               o.clocks, o.coverage, o.verdict)
ASCRIBE_FIELDS(RunHeader, o.version, o.command_line, o.isolation, o.workers, o.started, o.finished)
ASCRIBE_FIELDS(IntelNote, o.name, o.version, o.as_of, o.age_days, o.warning)
/// Everything but the citations, which have a table of their own.
ASCRIBE_FIELDS(Case, o.run, o.evidence, o.artefacts, o.accounting, o.damage, o.incidents, o.intel, o.integrity_failed)

#undef ASCRIBE_FIELDS

/// The largest value of each enumeration that is stored; a larger one in a file is refused.
template <class Enum>
constexpr std::uint8_t kLast = 0;
template <>
inline constexpr std::uint8_t kLast<Fault> = static_cast<std::uint8_t>(Fault::repeated);
template <>
inline constexpr std::uint8_t kLast<Level> = static_cast<std::uint8_t>(Level::success);
template <>
inline constexpr std::uint8_t kLast<Severity> = static_cast<std::uint8_t>(Severity::critical);
template <>
inline constexpr std::uint8_t kLast<Question> = static_cast<std::uint8_t>(Question::hiding);
template <>
inline constexpr std::uint8_t kLast<Clock> = static_cast<std::uint8_t>(Clock::inferred);
template <>
inline constexpr std::uint8_t kLast<Source> = static_cast<std::uint8_t>(kSources - 1);
template <>
inline constexpr std::uint8_t kLast<CveState> = static_cast<std::uint8_t>(CveState::cannot_tell);
template <>
inline constexpr std::uint8_t kLast<Answer> = static_cast<std::uint8_t>(Answer::unknown);
template <>
inline constexpr std::uint8_t kLast<Soundness> = static_cast<std::uint8_t>(Soundness::high);
template <>
inline constexpr std::uint8_t kLast<State> = static_cast<std::uint8_t>(State::insufficient);

}  // namespace ascribe
