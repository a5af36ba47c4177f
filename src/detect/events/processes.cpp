// Process creations in one shape.
#include "detect/events/processes.hpp"

#include "base/text.hpp"
#include "detect/events/fields.hpp"

namespace ascribe {

std::string_view Process::name() const { return base_name(image); }
std::string_view Process::parent_name() const { return base_name(parent); }

std::optional<Process> created_process(const Row& event) {
    auto id = event_id(event);
    if (id == 1 && is_sysmon(event))
        return Process{datum(event, "Image"),
                       datum(event, "CommandLine"),
                       datum(event, "ParentImage"),
                       datum(event, "ParentCommandLine"),
                       datum(event, "CurrentDirectory"),
                       datum(event, "User")};
    if (id == 4688 && is_security(event))
        return Process{
            datum(event, "NewProcessName"), datum(event, "CommandLine"), datum(event, "ParentProcessName"), {}, {},
            datum(event, "SubjectUserName")};
    return {};
}

std::string_view application_pool(std::string_view command_line) {
    auto at = command_line.find("-ap ");
    if (at == std::string_view::npos) return {};
    auto rest = trim(command_line.substr(at + 4));
    if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find(' '));
}

}  // namespace ascribe
