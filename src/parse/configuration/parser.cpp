// Configuration of IIS and of Exchange's transport, and HealthChecker's findings: what is loaded, where logs go, what
// blocks an attack. Settings only; a machine key is never copied, only whether one was set by hand.
// https://learn.microsoft.com/iis/configuration/system.webserver/
// https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "model/intel.hpp"
#include "parse/configuration/xml.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kPageLimit = 1 << 20;     // as for pages
constexpr std::size_t kDirectoryLimit = 4'096;  // bytes of a virtual directory's name
constexpr std::size_t kConditionLimit = 64;     // a rule of Exchange's mitigations has one or two

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (auto part : parts)
        if (!part.empty()) text += fmt::format("{}{}", text.empty() ? "" : " ", part);
    return text;
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : part_(part), sink_(sink) {}

    void all() {
        if (equals_folded(base_name(part_.path), "web.config") &&
            part_.whole.text().find("<%") != std::string_view::npos)
            page();
        if (!xml_.load(part_, sink_)) return;
        bool is_check = name_of(xml_.root()) == "Objs";
        for (auto node = xml_.root(); node; node = Xml::next(node)) is_check ? checked(node) : configured(node);
        if (settings_.size() > 0) sink_.batch(std::move(settings_));
        if (builds_.size() > 0) sink_.batch(std::move(builds_));
    }

private:
    /// A web.config can be a page itself, its script behind a comment.
    void page() {
        RecordBatch batch(RecordKind::script_source, part_.artefact, part_.whole, part_.base);
        auto text = part_.whole.text().substr(0, kPageLimit);
        auto row = batch.append(kNoTime, 0, static_cast<std::uint32_t>(text.size()));
        row[ScriptSource::path] = batch.keep(part_.path);
        row[ScriptSource::text] = batch.keep(is_utf8(text) ? std::string(text) : from_cp1252(text));
        sink_.batch(std::move(batch));
    }

    /// An element of a .config file, told by its name and its parent's.
    void configured(pugi::xml_node node) {
        std::string_view name = name_of(node), parent = name_of(node.parent());
        if (name == "add" && parent == "modules")
            return setting("module", node, attribute(node, "name"), attribute(node, "type"));
        if (name == "add" && parent == "globalModules")
            return setting("global_module", node, attribute(node, "name"), attribute(node, "image"));
        if (name == "add" && parent == "handlers") return handler(node);
        if (name == "filter" && parent == "isapiFilters")
            return setting("isapi_filter", node, attribute(node, "name"), attribute(node, "path"));
        if (name == "rule" && (parent == "rules" || parent == "globalRules")) return rewrite_rule(node);
        if (name == "virtualDirectory") return virtual_directory(node);
        if (name == "logFile" || name == "centralW3CLogFile" || name == "centralBinaryLogFile") return log_file(node);
        if (name == "httpLogging" && node.attribute("dontLog"))
            return setting("log_setting", node, "dontLog", attribute(node, "dontLog"));
        if (name == "machineKey") return machine_key(node);
        if (name == "agent" && parent == "agentList") return transport_agent(node);
    }

    void handler(pugi::xml_node node) {
        auto runs =
            attribute(node, "scriptProcessor").empty() ? attribute(node, "type") : attribute(node, "scriptProcessor");
        if (runs.empty()) runs = attribute(node, "modules");
        setting("handler", node, joined({attribute(node, "name"), attribute(node, "path")}), runs);
    }

    /// Whoever asks whether a rule is in force compares the value with "disabled".
    void rewrite_rule(pugi::xml_node node) {
        auto value = joined({"match", attribute(node.child("match"), "url")});
        std::size_t conditions = 0;
        for (auto condition : node.child("conditions").children("add"))
            if (++conditions <= kConditionLimit)
                value += fmt::format("; {} {}", attribute(condition, "input"), attribute(condition, "pattern"));
        value += fmt::format("; {}",
                             joined({attribute(node.child("action"), "type"), attribute(node.child("action"), "url")}));
        bool off = equals_folded(attribute(node, "enabled"), "false");
        setting("rewrite_rule", node, attribute(node, "name"),
                off ? std::string_view("disabled") : std::string_view(value));
    }

    void virtual_directory(pugi::xml_node node) {
        auto application = node.parent(), site = application.parent();
        if (!node.attribute("physicalPath")) return;  // defaults, not a directory
        std::string path(attribute(application, "path"));
        auto below = attribute(node, "path");
        if (below != "/") path = path == "/" || path.empty() ? std::string(below) : path + std::string(below);
        setting("virtual_directory", node, fmt::format("{}{}", attribute(site, "name"), path),
                attribute(node, "physicalPath"));
    }

    void log_file(pugi::xml_node node) {
        auto site = attribute(node.parent(), "name");
        if (site.empty()) site = name_of(node.parent());
        if (node.attribute("directory")) setting("log_folder", node, site, attribute(node, "directory"));
        for (const char* name : {"logTargetW3C", "enabled", "logExtFileFlags", "period"})
            if (node.attribute(name))
                setting("log_setting", node, fmt::format("{} {}", site, name), attribute(node, name));
    }

    void machine_key(pugi::xml_node node) {
        auto explicit_key = [&](const char* name) {
            auto key = attribute(node, name);
            return !key.empty() && !contains_folded(key, "AutoGenerate");
        };
        setting("machine_key", node, "machineKey",
                explicit_key("validationKey") || explicit_key("decryptionKey") ? "explicit" : "auto");
    }

    void transport_agent(pugi::xml_node node) {
        auto name =
            joined({attribute(node, "name"), equals_folded(attribute(node, "enabled"), "false") ? "(disabled)" : ""});
        setting("transport_agent", node, name, attribute(node, "assemblyPath"));
    }

    /// An element of HealthChecker's CLIXML: the property's name is in the attribute N.
    void checked(pugi::xml_node node) {
        auto name = attribute(node, "N");
        std::string_view text = node.text().get();
        bool is_version =
            name == "BuildVersion" || name == "ExSetupVersion" || (name == "FileVersion" && is_of_setup(node));
        if (is_version && text.starts_with("15.")) return build(node, text);
        if (name == "MitigationsApplied")
            for (auto id : node.child("LST").children("S")) setting("mitigation", id, id.text().get(), "applied");
        if (name == "ExtendedProtection" && !text.empty()) {
            auto directory = directory_beside(node);
            if (!directory.empty()) setting("extended_protection", node, directory, text);
        }
    }

    /// The virtual directory that an object speaks of, looked for once however many of its properties ask.
    std::string_view directory_beside(pugi::xml_node node) {
        auto [at, is_new] = directories_.try_emplace(node.parent().hash_value());
        if (is_new) {
            std::string_view text = node.parent().find_child_by_attribute("N", "VirtualDirectoryName").text().get();
            at->second = text.substr(0, kDirectoryLimit);
        }
        return at->second;
    }

    /// True for a property of ExSetup.exe: SQL Server's files have versions of the same shape.
    static bool is_of_setup(pugi::xml_node node) {
        for (int level = 0; level < 3 && node; ++level, node = node.parent())
            if (contains_folded(attribute(node, "N"), "ExchangeSetup") ||
                contains_folded(attribute(node, "N"), "ExSetup"))
                return true;
        return false;
    }

    void build(pugi::xml_node node, std::string_view text) {
        auto parsed = parse_build(text);
        if (!parsed || !seen_.insert(to_string(*parsed)).second) return;
        auto tag = xml_.tag(node);
        auto row = builds_.append(kNoTime, tag.offset, tag.size);
        row[InstalledBuild::product] = std::string_view("Exchange Server");
        row[InstalledBuild::build] = builds_.keep(to_string(*parsed));
        row[InstalledBuild::source] = std::string_view("health_checker");
        row[InstalledBuild::path] = builds_.keep(part_.path);
    }

    void setting(std::string_view category, pugi::xml_node node, std::string_view name, std::string_view value) {
        if (name.empty() && value.empty()) return;  // <add/>, or cut off within
        auto tag = xml_.tag(node);
        if (settings_.size() == RecordBatch::kRows) {
            sink_.batch(std::move(settings_));
            settings_ = RecordBatch(RecordKind::setting, part_.artefact, part_.whole, part_.base);
        }
        auto row = settings_.append(kNoTime, tag.offset, tag.size);
        row[Setting::category] = category;
        row[Setting::name] = settings_.keep(name);
        row[Setting::value] = settings_.keep(value);
        row[Setting::path] = settings_.keep(part_.path);
    }

    const Part& part_;
    Sink& sink_;
    Xml xml_;
    std::set<std::string> seen_;
    std::unordered_map<std::size_t, std::string_view> directories_;  // by their parent element
    RecordBatch settings_{RecordKind::setting, part_.artefact, part_.whole, part_.base};
    RecordBatch builds_{RecordKind::installed_build, part_.artefact, part_.whole, part_.base};
};

int claim(std::string_view path, std::span<const std::byte> head) {
    auto text = as_text(head);
    bool is_utf16 = text.starts_with("\xFF\xFE");
    auto decoded = is_utf16 ? from_utf16(text.substr(2)) : std::string(text);
    if (contains_folded(decoded, "schemas.microsoft.com/powershell/2004/04") &&
        (contains_folded(path, "HealthChecker") || contains_folded(decoded, "HealthChecker")))
        return 85;
    auto start = trim(decoded).substr(0, 4096);
    if (start.find("<configuration") != std::string_view::npos) return 85;
    return ends_folded(path, ".config") && start.find('<') != std::string_view::npos ? 70 : 0;
}

void parse(const Part& part, Sink& sink) { Reading(part, sink).all(); }

}  // namespace

extern const Parser kConfigurationParser;
const Parser kConfigurationParser{"configuration", "Configuration of IIS and Exchange, and HealthChecker's findings",
                                  "https://learn.microsoft.com/iis/configuration/system.webserver/", claim, parse};

}  // namespace ascribe
