// The report's drawings as inline SVG: no script, no outside resource, numbers only.
#pragma once

#include <string>
#include <string_view>

#include "model/case.hpp"

namespace ascribe {

/// The hatching of gaps, once a page: every drawing fills with it by its id.
std::string_view chart_patterns();
/// When the server was open to each family: a bar against disclosure and the days that logs cover.
std::string draw_exposure(const Incident& incident);
/// For each family and question a strip of the window; gaps are grey and hatched, so that it reads without colour.
std::string draw_coverage(const Incident& incident);
/// The steps of the timeline as marks on one line a thread.
std::string draw_timeline(const Incident& incident);
/// The most probable actors and "not known here" as bars on the yardstick, whose gaps are left white.
std::string draw_ladder(const ThreadAttribution& attribution);

}  // namespace ascribe
