// PHP's classes and functions that write files without being called so: archives that unpack, documents of XML and
// pictures that are saved. https://www.php.net/manual/en/class.ziparchive.php, class.phardata.php,
// class.domdocument.php, class.simplexmlelement.php, class.xmlwriter.php, ref.image.php, class.imagick.php
#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;

bool is_visitors(const Value& value) {
    return value.tainted() && strongest(value.origins) <= Origin::upload && !value.relayed() &&
           !value.has(flag::hashed);
}

bool names_script(const Value& path) { return path.kind == Kind::text && !path.tainted() && ends_as_script(path.view); }

/// A document or picture lands where no server runs it, unless its name is a script's or the visitor's.
void tell_saved(Call& call, const Value& path, const Value& content) {
    bool script = names_script(path);
    if (!script && !is_visitors(path)) return;
    if (script) call.machine.signal("write.script_name", call.span);
    if (script && content.tainted()) call.machine.flow(C::dropper, content, call.name, call.span);
    if (is_visitors(path) && is_visitors(content) && !path.has(flag::checked) && !content.has(flag::checked))
        call.machine.signal("write.visitors_file", call.span);
    call.machine.flow(C::file_write, is_visitors(content) ? content : path, call.name, call.span);
}

// ---------------------------------------------------------------------------------------------- archives

/// extractTo(folder) of an archive that a visitor sent, named or filled: its files have the names that he gave them. In
/// a folder of its own they lie less likely where a server runs them.
bool extract_to(Call& call) {
    if (call.object == nullptr || call.size() == 0) return false;
    auto from = summary(*call.object);
    const auto& folder = call.arguments[0];
    if (!is_visitors(from)) return false;
    bool beside = folder.kind == Kind::text && folder.view.find_first_not_of("./") == std::string_view::npos;
    if (beside)
        call.machine.signal(from.has(flag::checked) ? "upload.checked_name" : "upload.visitors_name", call.span);
    else
        from.flags |= flag::part | flag::led | flag::checked;
    call.machine.flow(C::upload, from, call.name, call.span);
    return false;
}

// ---------------------------------------------------------------------------------------------- documents

/// What a visitor put into a document of XML where it stays as it is: nodes stand for their documents.
constexpr std::string_view kDocument = "#document";
bool put_raw(Call& call) {
    auto all = Value::unknown();
    for (const auto& argument : call.arguments) taint(all, summary(argument));
    if (is_visitors(all)) call.machine.define(kDocument, std::move(all));
    return false;
}

bool save_document(Call& call) {
    if (call.size() == 0) return false;
    auto content = call.object == nullptr ? Value::unknown() : summary(*call.object);
    if (const auto* raw = call.machine.defined(kDocument)) taint(content, *raw);
    tell_saved(call, summary(call.arguments[0]), content);
    return false;
}

/// XMLWriter.openUri(path), and what is then written into it.
constexpr std::string_view kWriter = "#xml_writer";
bool open_writer(Call& call) {
    if (call.size() > 0) call.machine.define(kWriter, call.arguments[0]);
    return false;
}
bool write_raw(Call& call) {
    const auto* path = call.machine.defined(kWriter);
    if (path == nullptr || call.size() == 0) return false;
    auto to = *path;
    tell_saved(call, summary(to), summary(call.arguments[call.size() - 1]));
    return false;
}

// ---------------------------------------------------------------------------------------------- pictures

/// imagepng(picture, path)
bool save_picture(Call& call) {
    if (call.size() < 2) return false;
    tell_saved(call, summary(call.arguments[1]), summary(call.arguments[0]));
    return false;
}

/// Imagick.writeImage(path)
bool write_image(Call& call) {
    if (call.size() == 0) return false;
    tell_saved(call, summary(call.arguments[0]), call.object == nullptr ? Value::unknown() : summary(*call.object));
    return false;
}

/// What is read as a script of ImageMagick reads and writes as it says. A picture that a visitor sent is none by
/// itself. https://imagemagick.org/script/conjure.php
bool read_image(Call& call) {
    if (call.size() == 0) return false;
    auto path = summary(call.arguments[0]);
    bool named = is_visitors(path) && strongest(path.origins) != Origin::upload && !path.has(flag::part);
    bool script = path.kind == Kind::text && type_of_beginning(path) == kMagickScript;
    if (script) path = Value::unknown();  // of which nobody knows what it holds
    if (path.type() != kMagickScript && !named && !script) return false;
    if (!named) path.flags &= static_cast<std::uint16_t>(~(flag::part | flag::led));
    call.machine.flow(C::loader, path, call.name, call.span);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "ZipArchive.open", .fills = kObject},
    {.name = "ZipArchive.addFromString", .fills = kObject},
    {.name = "ZipArchive.addFile", .fills = kObject},
    {.name = ".extractTo", .evaluate = extract_to},
    {.name = "Phar.addFromString", .sink = C::dropper, .takes = kSecond, .content = kSecond},
    {.name = "Phar.setStub", .sink = C::dropper, .takes = kFirst, .content = kFirst},

    {.name = "DOMDocument.loadXML", .fills = kObject, .evaluate = put_raw},
    {.name = "DOMDocument.loadHTML", .fills = kObject, .evaluate = put_raw},
    {.name = ".createCDATASection", .evaluate = put_raw},
    {.name = ".createProcessingInstruction", .evaluate = put_raw},
    {.name = ".createComment", .evaluate = put_raw},
    {.name = ".appendXML", .evaluate = put_raw},
    {.name = "DOMDocument.save", .evaluate = save_document},
    {.name = "DOMDocument.saveHTMLFile", .evaluate = save_document},
    {.name = "DOMDocument.createElement", .result = Result::cleans},
    {.name = "DOMDocument.createTextNode", .result = Result::cleans},
    {.name = "new SimpleXMLElement"},
    {.name = ".asXML", .evaluate = save_document},
    {.name = "XMLWriter.openUri", .evaluate = open_writer},
    {.name = "XMLWriter.writeRaw", .evaluate = write_raw},
    {.name = "XMLWriter.writePi", .evaluate = write_raw},
    {.name = "XMLWriter.writeCdata", .evaluate = write_raw},
    {.name = "XMLWriter.writeComment", .evaluate = write_raw},

    {.name = "imagecreatefromstring"},
    {.name = "imagecreatefrompng"},
    {.name = "imagecreatefromgif"},
    {.name = "imagecreatefromjpeg"},
    {.name = "imagepng", .result = Result::cleans, .evaluate = save_picture},
    {.name = "imagegif", .result = Result::cleans, .evaluate = save_picture},
    {.name = "imagejpeg", .result = Result::cleans, .evaluate = save_picture},
    {.name = "imagewebp", .result = Result::cleans, .evaluate = save_picture},
    {.name = "imagebmp", .result = Result::cleans, .evaluate = save_picture},
    {.name = "imagegd2", .result = Result::cleans, .evaluate = save_picture},
    {.name = "new Imagick", .evaluate = read_image},
    {.name = "Imagick.readImage", .fills = kObject, .evaluate = read_image},
    {.name = "Imagick.readImages", .fills = kObject, .evaluate = read_image},
    {.name = "Imagick.pingImage", .fills = kObject, .evaluate = read_image},
    {.name = "Imagick.readImageBlob", .fills = kObject},
    {.name = "Imagick.setImageProperty", .fills = kObject},
    {.name = "Imagick.commentImage", .fills = kObject},
    {.name = "Imagick.writeImage", .evaluate = write_image},
    {.name = "Imagick.writeImages", .evaluate = write_image},
};

}  // namespace

const std::span<const Entry> kPhpWriters = kTable;

}  // namespace ascribe::shells
