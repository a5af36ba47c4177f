// The documents of a YAML text, each parsed by itself. yaml-cpp 0.7 finds documents without end in a text as short as
// ",", so its own way of loading several is not used: a line that begins with --- ends a document wherever it stands,
// and what a document leaves unread is a fault. https://yaml.org/spec/1.2.2/#912-document-markers
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ascribe::sigma {

/// The texts of the documents; pieces of comments and directives only are none.
std::vector<std::string> yaml_documents(std::string_view text);

/// Throws YAML::Exception when the text is not one document and nothing else, or a map names something twice: of two
/// values under a name one would be lost without a word.
void check_one_document(const std::string& text);

}  // namespace ascribe::sigma
