// Every export of a case.
#pragma once

#include "model/stage.hpp"

namespace ascribe {

std::span<const Exporter> exporters();
/// The exporter of that name; nullptr when there is none.
const Exporter* find_exporter(std::string_view name);

}  // namespace ascribe
