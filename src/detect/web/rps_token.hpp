// X-Rps-CAT: the token by which Exchange's front end tells the PowerShell back end who the user is. ProxyShell writes
// its own, so the account in it is the account that the intruder chose. Layout: base64 of records of a letter and a
// length-prefixed text: V version, T type, C compressed, A authentication, L logon name, U user SID, G groups, E end.
#pragma once

#include <string>
#include <string_view>

namespace ascribe {

/// "administrator@corp.example (S-1-5-21-...-500)", as much of it as the token holds; "" when it is not such a token.
std::string account_of_token(std::string_view base64);

}  // namespace ascribe
