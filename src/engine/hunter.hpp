// Rules at work in a worker: what each row hits goes back with the part's reply.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "detect/sigma/correlation.hpp"
#include "detect/sigma/matcher.hpp"
#include "detect/sigma/sieve.hpp"
#include "engine/job.hpp"

namespace ascribe {

/// A hit as it travels: the rule by its number, nothing that the parent knows already.
struct RuleHit {
    std::uint32_t rule = 0;
    bool scan = false, counted = false;  // counted: fields serve a correlation too
    Time time = kNoTime;
    std::uint64_t offset = 0;
    std::uint32_t size = 0, line = 0;  // line: within the part
    std::int64_t record_id = -1;
    std::string host;
    std::vector<std::pair<std::string, std::string>> fields, correlated;
};

/// Bytes of hits one part may send. A part of text is 64 MiB and a hit some 300 bytes; more than this is a rule that
/// matches everything, and is counted.
inline constexpr std::size_t kHitBytes = 64 << 20;
/// A longer value is cut in the listing; `why` and the offset lead to all of it.
inline constexpr std::size_t kHitValue = 2'048;

class Hunter {
public:
    explicit Hunter(const sigma::RuleSet& rules) : rules_(rules), matcher_(rules), sieve_(rules), correlator_(rules) {}
    void observe(const RecordBatch& batch, Reply& reply);
    /// What the rules cost since the last call.
    void settle(Reply& reply);

private:
    const sigma::RuleSet& rules_;
    sigma::Matcher matcher_;
    sigma::Sieve sieve_;
    sigma::Correlator correlator_;  // for what must travel with a hit
};

/// Reads what observe() wrote, one hit a call; false at the end or at the first byte that makes no sense.
bool next_hit(Reader& in, std::size_t rules, RuleHit& hit);

}  // namespace ascribe
