// Files that visitors send to servers of .NET and Java: their names, and where they are stored.
// https://learn.microsoft.com/dotnet/api/system.web.httppostedfile,
// https://jakarta.ee/specifications/servlet/6.0/apidocs/jakarta.servlet/jakarta/servlet/http/part,
// https://commons.apache.org/proper/commons-fileupload/
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

/// A path of the site's own is a constant: where the site lies says nothing about it.
bool real_path(Call& call) {
    auto path = call.text(0);
    return path && !call.arguments[0].tainted() && call.give(Value(call.arguments[0]));
}

constexpr Entry kDotnet[] = {
    {.name = "Request.Files", .result = R::source, .origin = O::upload, .makes = "HttpFileCollection"},
    {.name = "Request.SaveAs", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "FileUpload.PostedFile", .result = R::source, .origin = O::upload, .makes = "HttpPostedFile"},
    {.name = "FileUpload.FileBytes", .result = R::source, .origin = O::upload},
    {.name = "FileUpload.HasFile", .result = R::cleans},
    {.name = "FileUpload.SaveAs", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "HtmlInputFile.PostedFile", .result = R::source, .origin = O::upload, .makes = "HttpPostedFile"},
    {.name = "HttpPostedFile.SaveAs", .sink = C::upload, .takes = kFirst | kObject},
    {.name = ".SaveAs", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "FileUpload.FileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "HttpPostedFile.FileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "HttpPostedFileBase.FileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "#file.FileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
};

constexpr Entry kJava[] = {
    {.name = "application.getRealPath", .evaluate = real_path},
    {.name = "request.getRealPath", .evaluate = real_path},
    {.name = "ServletContext.getRealPath", .evaluate = real_path},
    {.name = "request.getPart", .result = R::source, .origin = O::upload, .makes = "Part"},
    {.name = "request.getParts", .result = R::source, .origin = O::upload},
    {.name = "Part.write", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "Part.getInputStream", .result = R::source, .origin = O::upload, .makes = "InputStream"},
    {.name = "Part.getSubmittedFileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = ".parseRequest", .result = R::source, .origin = O::upload},
    {.name = "ServletFileUpload.parseRequest", .result = R::source, .origin = O::upload},
    {.name = "FileItem.write", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "FileItem.getInputStream", .result = R::source, .origin = O::upload, .makes = "InputStream"},
    {.name = "FileItem.getName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "FileItem.isFormField", .result = R::cleans},
    {.name = "MultipartFile.transferTo", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "MultipartFile.getOriginalFilename", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "SmartUpload.getFiles", .result = R::source, .origin = O::upload, .makes = "SmartFiles"},
    {.name = "SmartFiles.getFile", .result = R::source, .origin = O::upload, .makes = "SmartFile"},
    {.name = "SmartFile.getFileName", .result = R::source, .origin = O::upload, .makes = kUploadName},
    {.name = "SmartFile.saveAs", .sink = C::upload, .takes = kFirst | kObject},
    {.name = "SmartUpload.save", .sink = C::upload, .takes = kFirst},
    {.name = "new MultipartRequest", .sink = C::upload, .takes = kSecond},
    {.name = "Files.newBufferedWriter", .sink = C::file_write, .takes = kFirst, .makes = "FileWriter"},
    {.name = "FileUtils.copyURLToFile", .sink = C::download, .takes = kFirst | kSecond},
    {.name = "FileUtils.copyInputStreamToFile", .sink = C::file_write, .takes = kFirst | kSecond, .content = kFirst},
    {.name = "FileUtils.openOutputStream", .sink = C::file_write, .takes = kFirst, .makes = "FileOutputStream"},
};

}  // namespace

const std::span<const Entry> kDotnetUploads = kDotnet;
const std::span<const Entry> kJavaUploads = kJava;

}  // namespace ascribe::shells
