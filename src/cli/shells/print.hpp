// What `ascribe shells` prints: a table, JSON lines, SARIF, and the explanation of one file. The only way for a
// script's own text to a terminal or a file is through here, escaped.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/scan.hpp"

namespace ascribe {

/// A file of the scan that is worth a line of a table, a result of SARIF or a line of a baseline.
struct ScriptFound {
    std::string path;
    std::string digest;  // hexadecimal; "" where the file was too long to be hashed
    bool accepted = false;
    shells::Analysis analysis;       // without texts
    std::vector<std::string> rules;  // of the user's that hit
};

/// Of the files found, by verdict, and how many were read.
std::string scripts_table(const std::vector<ScriptFound>& found, const ScanResult& result);
/// One line: {"path","verdict","score","language","reasons",...}; ASCII only.
std::string script_json(const std::string& path, const ExaminedScript& script, bool accepted);
/// What the model sees of a script, one line, for script/train-shells.
std::string script_features_json(const std::string& path, const ExaminedScript& script);
/// SARIF 2.1.0.
std::string scripts_sarif(const std::vector<ScriptFound>& found, std::string_view version);
/// Layer by layer what was recovered, and why the verdict holds. For people, or as one JSON object.
std::string explain_script(const std::string& path, const ExaminedScript& script);
std::string explain_script_json(const std::string& path, const ExaminedScript& script);

}  // namespace ascribe
