// `ascribe demo`: a safe synthetic case, its verdict and its report.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/demo/story.hpp"
#include "cli/investigate.hpp"

namespace ascribe {
namespace {

/// A folder that goes when the demo ends.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "ascribe-demo-XXXXXX").string();
        if (char* made = mkdtemp(pattern.data())) path_ = made;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

Exit run(const Arguments& arguments) {
    auto told = arguments.value("--story").value_or("intrusion");
    auto story = told == "clean" ? demo::Story::clean : told == "pages" ? demo::Story::pages : demo::Story::intrusion;
    if (auto folder = arguments.value("--write")) {
        if (auto written = demo::write_collection(story, *folder); !written) return fail(Exit::usage, written.error());
        bool pages = story == demo::Story::pages;
        fmt::print("A synthetic collection is in {0}\nNext: ascribe {1} {0}{2}\n", *folder,
                   pages ? "shells" : "investigate", pages ? "" : " -o case.ascribe");
        return Exit::clean;
    }
    if (story == demo::Story::pages)
        return fail(Exit::usage,
                    "the story pages has no server to investigate; give --write FOLDER, then 'ascribe "
                    "shells FOLDER'");
    TemporaryFolder folder;
    if (folder.path().empty())
        return fail(Exit::usage, "no folder for the demo could be made; set TMPDIR to one that can be written");
    auto collection = folder.path() + "/collection";
    if (auto written = demo::write_collection(story, collection); !written) return fail(Exit::usage, written.error());
    Arguments inner = arguments;
    inner.positional = {collection};
    auto investigated = investigate_as_told(inner);
    if (!investigated) return investigated.error();
    auto code = show_case(*investigated, inner);
    if (code != Exit::findings && code != Exit::clean && code != Exit::insufficient) return code;
    return Exit::clean;  // the demo did what it should, whatever the story's verdict
}

constexpr Option kOptions[] = {
    {"--story", "", "STORY", "intrusion unless given; pages, which needs --write, is a web root for ascribe shells",
     "intrusion clean pages"},
    {"--write", "", "FOLDER", "Only write the synthetic collection there"},
    {"--output", "-o", "CASE", "Write the case file"},
    {"--json", "", "", "Print the case as JSON"},
    {"--workers", "-j", "N", "Worker processes; one for each core unless given"},
    {"--quiet", "-q", "", "No progress on stderr"},
};
constexpr std::string_view kExamples[] = {"ascribe demo", "ascribe demo --story clean",
                                          "ascribe demo --write /tmp/mail01"};

}  // namespace

extern const Command kDemo;
const Command kDemo{
    "demo",
    "Investigate a safe synthetic server and show its verdict",
    "[options]",
    "The server, its addresses and its intruder are invented (RFC 5737 and RFC 2606 names); nothing in it can run.",
    kOptions,
    kExamples,
    0,
    0,
    run};

}  // namespace ascribe
