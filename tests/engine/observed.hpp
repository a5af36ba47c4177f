// What a worker sends of a part: the states of detectors that saw a few rows.
#pragma once

#include <algorithm>
#include <string_view>

#include "engine/worker.hpp"
#include "model/stage.hpp"

namespace ascribe::test {

/// A POST to `page`, which must outlive the batch, by one address on 3 March 2021.
inline void add_post(RecordBatch& batch, std::uint64_t offset, std::string_view page) {
    auto row = batch.append(make_time(2021, 3, 3).value(), offset, 1);
    row[HttpRequest::method] = std::string_view("POST");
    row[HttpRequest::stem] = page;
    row[HttpRequest::client_ip] = std::string_view("203.0.113.9");
    row[HttpRequest::status] = std::int64_t{200};
}

/// The state of every detector that reads such rows, by its place among the stages' detectors.
inline SavedStates::mapped_type observed(const Stages& stages, RecordBatch& batch) {
    SavedStates::mapped_type states;
    for (std::size_t i = 0; i < stages.detectors.size(); ++i) {
        const Detector& detector = stages.detectors[i];
        if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
        auto state = detector.begin();
        detector.observe(state, batch, stages.intel);
        Writer out;
        detector.save(state, out);
        states[static_cast<std::uint32_t>(i)] = out.take();
    }
    return states;
}

}  // namespace ascribe::test
