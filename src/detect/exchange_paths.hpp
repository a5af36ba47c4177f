// What is known of paths on an Exchange server, for URLs and Windows paths alike: any slashes, any case, %xx decoded.
#pragma once

#include <string>
#include <string_view>

#include "model/intel.hpp"

namespace ascribe {

/// Lower case, forward slashes, one at a time, %xx decoded twice (front ends have been fooled by double encoding), no
/// query, no "path info" (page.aspx/anything is page.aspx), no dots at the end (Windows drops them).
std::string normal_path(std::string_view path);

/// .aspx, .ashx, .asmx and every other name that IIS hands to a script engine.
bool is_server_executable(std::string_view path);
/// .js, .css, images, fonts, .flt: files that are fetched, never posted to.
bool is_static_resource(std::string_view path);
/// .zip, .7z, .rar, .cab, .dmp and other containers that data leaves in.
bool is_archive(std::string_view path);

/// Below a folder that Exchange or IIS serves pages from: owa/auth, ecp/auth, aspnet_client, inetpub/wwwroot,
/// FrontEnd/HttpProxy, ClientAccess.
bool is_web_folder(std::string_view path);
/// Below a folder that anyone may fetch without signing in: owa/auth, ecp/auth, aspnet_client, the web root itself.
bool is_open_folder(std::string_view path);
/// Below ...\Temporary ASP.NET Files\, where ASP.NET leaves what it compiled.
bool is_compiled_trace(std::string_view path);

/// A page that Exchange ships, by its path below the web root; a name alone is enough below version-named folders.
bool is_stock_page(std::string_view path, const Intel& intel);
/// The stock page whose name this name resembles (1 to 4 letters differ) without being it: RedirSuiteServerProxy.aspx
/// of RedirSuiteServiceProxy.aspx (fact WS-09). "" when there is none.
std::string look_alike(std::string_view path, const Intel& intel);
/// A name without meaning, as generators make them: 8Lw7tAhF9i1pJnRo.aspx, 570221043.aspx.
bool is_random_name(std::string_view path);

/// ::1, 127.x, ::ffff:127.x.
bool is_loopback(std::string_view address);
/// An address of a private network (RFC 1918, RFC 4193, link-local), or loopback.
bool is_internal(std::string_view address);
/// Exchange's own monitoring: its user agents (AMProbe, MSExchangeMonitoring ...) together with the server's own
/// address, or a HealthMailbox account. An outsider can send the agent, not the address.
bool is_health_probe(std::string_view address, std::string_view user, std::string_view user_agent);
/// Its two other halves, for who asks them once for each text.
bool is_health_account(std::string_view user);
bool is_health_agent(std::string_view user_agent);

}  // namespace ascribe
