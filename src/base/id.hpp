// Small typed indices: an ArtefactId cannot be mistaken for any other number.
#pragma once

#include <compare>
#include <cstdint>

namespace ascribe {

template <class Tag>
struct Id {
    std::uint32_t value = UINT32_MAX;  // UINT32_MAX: no such thing
    friend auto operator<=>(Id, Id) = default;
};

}  // namespace ascribe
