// A process creation, from Security 4688 or Sysmon 1 alike.
#pragma once

#include <optional>
#include <string_view>

#include "model/record.hpp"

namespace ascribe {

struct Process {
    std::string_view image, command_line;          // full path; the command line is "" where auditing of it is off
    std::string_view parent, parent_command_line;  // 4688 names the parent since Windows 10, never its command line
    std::string_view directory, user;              // Sysmon names the directory

    std::string_view name() const;  // base name of the image
    std::string_view parent_name() const;
};

/// The process that the event says was created; nothing for any other event.
std::optional<Process> created_process(const Row& event);

/// The application pool of w3wp.exe's command line (-ap "MSExchangeOWAAppPool"), "" when it is not there.
std::string_view application_pool(std::string_view command_line);

}  // namespace ascribe
