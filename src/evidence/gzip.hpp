// The bytes of a gzip file. ISA-L inflates them at some four times zlib's speed and checks what it gives: libarchive,
// whose gzip filter is zlib's, checks neither checksum nor length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"

struct inflate_state;

namespace ascribe {

class GzipStream {
public:
    /// Reads `descriptor` from its start, at explicit offsets.
    explicit GzipStream(int descriptor);
    ~GzipStream();
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    /// The next bytes, good until the next call. None at the end, and where the rest cannot be read: see fault().
    /// Members in a row are one stream (RFC 1952 section 2.2); what follows the last one and is none is passed over.
    std::span<const std::byte> next();
    /// Why there is no more.
    const std::optional<Error>& fault() const { return fault_; }
    /// Trailers of members that do not fit their bytes, as many as are worth telling; the bytes were given all the
    /// same.
    const std::vector<Error>& misfits() const { return misfits_; }

private:
    bool fill();
    bool begin_member();
    void settle();
    void check(int status);
    void tell_misfit();
    std::uint64_t position() const;

    int descriptor_;
    std::uint64_t read_ = 0;  // bytes of the file that are in the buffer, or were
    std::unique_ptr<inflate_state> state_;
    std::vector<std::byte> packed_, bytes_;
    bool in_member_ = false;
    std::optional<Error> fault_;
    std::vector<Error> misfits_;
};

/// RFC 1952 section 2.3.1: the magic and the only method there is.
bool is_gzip(std::span<const std::byte> head);

}  // namespace ascribe
