// Runs one parser over bytes in memory and keeps everything it says, for tests that ask about single rows.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "parse/all.hpp"

namespace ascribe::test {

struct Collected : Sink {
    std::vector<RecordBatch> batches;
    std::vector<Error> bads, damages;
    std::uint64_t directive_count = 0, line_count = 0;

    void batch(RecordBatch batch) override { batches.push_back(std::move(batch)); }
    void bad(const Error& error) override { bads.push_back(error); }
    void damage(const Error& error) override { damages.push_back(error); }
    void directives(std::uint64_t count) override { directive_count += count; }
    void lines(std::uint64_t count) override { line_count += count; }

    /// All that the artefact itself counts.
    std::vector<Row> rows() const { return rows_of(false); }
    std::vector<Row> recovered() const { return rows_of(true); }

private:
    std::vector<Row> rows_of(bool recovered) const {
        std::vector<Row> all;
        for (const auto& batch : batches)
            for (std::size_t i = 0; i < batch.size() && recovered == (batch.kind() == RecordKind::recovered_event); ++i)
                all.push_back(batch[i]);
        return all;
    }
};

inline const Parser& parser_named(std::string_view name) {
    for (const Parser& parser : parsers())
        if (parser.name == name) return parser;
    std::abort();  // a test that names a parser we do not have
}

inline Part part_of(const Bytes& bytes, std::string_view path = {}) {
    Part part;
    part.artefact = ArtefactId{1};
    part.path = path;
    part.whole = bytes;
    part.end = bytes.size();
    return part;
}

inline Collected run(std::string_view parser, const Bytes& bytes, std::string_view path = {}) {
    Collected collected;
    parser_named(parser).parse(part_of(bytes, path), collected);
    return collected;
}

/// Runs a splittable parser in parts of `unit` bytes after `origin`.
inline Collected run_in_parts(std::string_view parser, const Bytes& bytes, std::uint64_t unit,
                              std::uint64_t origin = 0) {
    Collected collected;
    for (std::uint64_t begin = 0; begin < bytes.size();) {
        auto part = part_of(bytes);
        part.begin = begin;
        begin = part.end = std::min<std::uint64_t>(begin < origin ? origin + unit : begin + unit, bytes.size());
        parser_named(parser).parse(part, collected);
    }
    return collected;
}

/// A file or folder of third-party evidence, "" where there is none.
inline std::filesystem::path evidence(std::string_view name) {
    const char* set = std::getenv("ASCRIBE_EVIDENCE");
    auto path = std::filesystem::path(set != nullptr ? set : ASCRIBE_ROOT "/../shared/evidence") / name;
    return std::filesystem::exists(path) ? path : std::filesystem::path{};
}

inline std::string shell_output(const std::string& command) {
    std::string output;
    if (FILE* pipe = ::popen(command.c_str(), "r")) {
        char buffer[1 << 16];
        while (auto size = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, size);
        ::pclose(pipe);
    }
    return output;
}

}  // namespace ascribe::test
