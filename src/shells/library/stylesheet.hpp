// Code in stylesheets: XSLT runs functions of a script block (Microsoft's processors) or methods of any class (Xalan).
// A stylesheet that is a constant is a layer of the page.
// https://learn.microsoft.com/dotnet/standard/data/xml/script-blocks-using-msxsl-script,
// https://xml.apache.org/xalan-j/extensions.html
#pragma once

namespace ascribe::shells {

struct Call;

/// For whatever reads XML from a text: when an argument is a stylesheet, its scripts are run as layers. Always false.
bool reads_stylesheet(Call& call);

}  // namespace ascribe::shells
