// How each file of the evidence was read, in words for people. A file that no parser knows is told by name where its
// name says that it is a log: nobody may take its silence for an answer.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefact.hpp"

namespace ascribe {

class Reading {
public:
    explicit Reading(const std::vector<Artefact>& artefacts);

    /// The parser's name; "opened" for what holds other files; else "not read".
    std::string_view word(const Artefact& artefact) const;
    std::size_t unread() const { return unread_; }
    /// "access.log, ex.log and 2 more": files not read whose names are those of logs; "" when there are none.
    std::string unread_logs() const;

private:
    std::set<std::string_view> opened_;
    std::vector<std::string_view> logs_;
    std::size_t unread_ = 0;
};

}  // namespace ascribe
