// What is known of one script after it was read, unfolded and judged. Everything points to bytes of a layer, and every
// layer but the first to the bytes of the layer it was recovered from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shells/program.hpp"

namespace ascribe::shells {

/// Bytes of one layer.
struct Place {
    std::uint32_t layer = 0;
    Span span;
};

/// The file as it is (layer 0), decoded, or what was recovered from another layer by evaluating constants.
struct Layer {
    Place from;       // where in an earlier layer it came out
    std::string how;  // "base64_decode, gzinflate, eval"; "" for layer 0
    Language language = Language::none;
    std::string text;
    std::uint64_t size = 0;  // of the text, where it did not travel with the layer; else 0
};

/// What a script can do for whoever sends it requests.
enum class Capability : std::uint8_t {
    code,     // runs code that a request holds
    command,  // runs commands of the system
    file_read,
    file_write,
    file_manage,  // reads; writes; lists, deletes, renames, changes modes
    upload,
    download,
    database,
    tunnel,
    mail,
    loader,   // loads a library or class from bytes
    dropper,  // writes a script of its own or from elsewhere into the web folder
    include,  // runs a file that a request names
    inform,   // tells about the system
};
std::string_view to_string(Capability capability);

/// Where data came from.
enum class Origin : std::uint8_t {
    request,
    cookie,
    header,
    body,
    upload,
    session,
    file,
    network,
    database,
    environment,
    constant,
    unknown
};
std::string_view to_string(Origin origin);

struct TrailStep {
    Place place;
    std::string what;  // "$_POST['x']", "base64_decode", "eval"
};

/// From a source through transformations to a sink.
struct Flow {
    Capability capability{};
    Origin origin{};
    std::string source, sink;  // as written: "$_POST", "eval"
    bool concealed = false;    // the sink or source was hidden: assembled at run time, decoded, encrypted
    bool guarded = false;      // a check of a password or session stands before it
    bool whole = false;        // the data is all of what the sink takes, not a part between constant texts
    bool led = false;          // constant text stands before the data: a folder of the page's own, an address
    bool checked = false;      // the data was compared with a list or pattern, or cleaned, on its way
    std::vector<TrailStep> trail;
};

/// Something told by the way a script is made, that is no flow: "conceal.name_assembled", "chmod". One for each name.
struct Signal {
    std::string name;            // lower case, dots between
    double value = 1;            // how often, or how much
    std::optional<Place> place;  // of the first
};

/// One thing that speaks for or against, with its share of the verdict.
struct Reason {
    std::string name;      // of the feature: "flow.code.request"
    std::string sentence;  // for a person
    double weight = 0;     // log odds it added
    std::optional<Place> place;
};

enum class Verdict : std::uint8_t { benign, suspicious, dual_use, malicious };
std::string_view to_string(Verdict verdict);

struct Analysis {
    Verdict verdict = Verdict::benign;
    double probability = 0;  // that it is a web shell or another intruder's tool
    Platform platform = Platform::unknown;
    std::vector<Layer> layers;  // at least one
    std::vector<Flow> flows;
    std::vector<Signal> signals;  // by name
    std::vector<Reason> reasons;  // strongest first
    std::vector<Capability> capabilities;
    std::string password;             // constant that a request is compared with or that opens it; "" when none
    std::string family;               // whose structure it shares; "" when none
    std::vector<std::string> limits;  // named limits that cut the analysis short
};

}  // namespace ascribe::shells
