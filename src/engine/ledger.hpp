// The books of a run: what every artefact gave, and the detectors' states by server. Replies come in any order; what
// the ledger says in the end does not depend on it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/damage_list.hpp"
#include "engine/job.hpp"
#include "engine/worker.hpp"

namespace ascribe {

/// What one server's states concluded.
struct ServerConclusion {
    std::string server;              // short name, lower case; "server" when the evidence never names it
    std::vector<std::string> names;  // as the evidence writes it
    Conclusion conclusion;
};

class Ledger {
public:
    /// Servers told apart, of all collections; what further ones tell is told of one, "(others)".
    static constexpr std::size_t kServers = 4'096;

    /// Bytes of cited rows from which on those go that no state holds any more: a state lets go of rows when it meets
    /// earlier ones, and will not ask for them again. Below an eighth of the memory that an investigation may take.
    static constexpr std::size_t kCitedBytes = 64 << 20;

    explicit Ledger(const Stages& stages, std::size_t cited_bytes = kCitedBytes)
        : stages_(stages), cited_least_(cited_bytes), cited_limit_(cited_bytes) {}

    /// A new artefact; ids follow the order of calls.
    ArtefactId add(Artefact artefact);
    Artefact& artefact(ArtefactId id) { return artefacts_[id.value]; }
    const std::string& path(ArtefactId id) const {
        return artefacts_[id.value < artefacts_.size() ? id.value : 0].path;
    }
    std::span<const Parser> parsers() const { return stages_.parsers; }
    /// The header line in force where the last booked part of a streamed artefact ended.
    std::string header(ArtefactId id) const;

    /// `copy` has the bytes of `first`, which alone is read.
    void set_aside(ArtefactId copy, ArtefactId first, const Digest& digest);

    void damage(Damage damage) { damage_.add(std::move(damage)); }
    /// Books one part's reply, which began at `begin`. False when a state in it could not be read: the part is damaged.
    void book(ArtefactId id, std::uint64_t begin, Reply&& reply);
    /// Bytes of the rows cited so far.
    std::size_t cited_bytes() const { return cited_bytes_; }
    /// Once an artefact's bytes are known: the file itself becomes a record, for detectors that judge files.
    void observe_files();

    /// Merged states to findings, one conclusion a server, by name.
    std::vector<ServerConclusion> conclude();
    /// Moves artefacts, accounting, damage into the case, and of the citations those that the case's refs need.
    void close_into(Case& result);

private:
    struct Lines {
        std::uint64_t begin, lines;
    };
    struct Key {
        std::string group, host;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    using States = std::vector<std::any>;

    States& states_of(Key key);
    void merge(States& into, States from) const;
    void observe(const Key& key, const RecordBatch& batch);
    void take_citations(Citations&& citations);
    void forget_citations();
    void drop_what_nobody_cited(Conclusion& conclusion);
    std::string settled(const std::string& group) const;
    std::map<std::string, std::vector<Key>> servers() const;

    const Stages& stages_;
    std::vector<Artefact> artefacts_;
    std::set<std::string, std::less<>> server_groups_;  // folders that layouts say are a server's
    std::map<ArtefactId, Accounting> accounting_;
    DamageList damage_;
    std::set<ArtefactId> set_aside_;
    std::map<ArtefactId, std::vector<Lines>> lines_;
    std::map<ArtefactId, std::string> heads_, headers_;
    Citations citations_;
    std::size_t cited_bytes_ = 0, cited_least_, cited_limit_;
    std::map<Key, States> states_;
};

}  // namespace ascribe
