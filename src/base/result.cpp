#include "base/result.hpp"

namespace ascribe {

std::string_view to_string(Fault fault) {
    switch (fault) {
        case Fault::truncated: return "truncated";
        case Fault::bad_magic: return "bad magic";
        case Fault::bad_value: return "bad value";
        case Fault::checksum: return "checksum mismatch";
        case Fault::too_deep: return "nested too deep";
        case Fault::too_large: return "too large";
        case Fault::unsupported: return "unsupported";
        case Fault::encrypted: return "encrypted";
        case Fault::io: return "input/output error";
        case Fault::crashed: return "reader crashed";
        case Fault::timed_out: return "reader timed out";
        case Fault::cancelled: return "cancelled";
        case Fault::repeated: return "read once";
    }
    return "unknown fault";
}

}  // namespace ascribe
