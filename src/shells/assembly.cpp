// PE to CLI header to metadata root to the tables up to MemberRef, whose rows are what we want. Row sizes depend on the
// counts of other tables, so counts come first. ECMA-335 II.24:
// https://ecma-international.org/publications-and-standards/standards/ecma-335/
#include "shells/assembly.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostReferences = 200'000;
constexpr std::size_t kMostSections = 96;  // what Windows' loader takes
constexpr std::size_t kMostName = 512;     // bytes of a name that are looked at

// Numbers of tables, ECMA-335 II.22.
enum Table : std::size_t {
    kModule = 0x00,
    kTypeRef = 0x01,
    kTypeDef = 0x02,
    kFieldPtr = 0x03,
    kField = 0x04,
    kMethodPtr = 0x05,
    kMethodDef = 0x06,
    kParamPtr = 0x07,
    kParam = 0x08,
    kInterfaceImpl = 0x09,
    kMemberRef = 0x0A,
    kModuleRef = 0x1A,
    kTypeSpec = 0x1B,
    kAssemblyRef = 0x23
};

/// Little-endian numbers at an offset; nothing past the end.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
        if (at > bytes_.size() || size > bytes_.size() - at) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
        return value;
    }
    std::uint32_t u16(std::size_t at) const { return number(at, 2).value_or(0); }
    std::uint32_t u32(std::size_t at) const { return number(at, 4).value_or(0); }
    std::size_t size() const { return bytes_.size(); }
    std::string_view text() const { return bytes_; }

private:
    std::string_view bytes_;
};

struct Header {
    std::size_t pe = 0, sections = 0, section_count = 0;
    std::uint32_t cli = 0;  // relative virtual address
};

std::optional<Header> header_of(const Bytes& in) {
    if (!in.text().starts_with("MZ") || in.size() < 0x40) return std::nullopt;
    Header header;
    header.pe = in.u32(0x3C);
    if (in.number(header.pe, 4) != 0x4550u) return std::nullopt;
    auto optional_header = header.pe + 24;
    auto magic = in.u16(optional_header);
    if (magic != 0x10B && magic != 0x20B) return std::nullopt;
    auto directories = optional_header + (magic == 0x20B ? 112 : 96);
    if (in.u32(directories - 4) < 15) return std::nullopt;
    header.cli = in.u32(directories + std::size_t{14} * 8);
    header.section_count = std::min<std::size_t>(in.u16(header.pe + 6), kMostSections);
    header.sections = optional_header + in.u16(header.pe + 20);
    return header.cli == 0 ? std::nullopt : std::optional(header);
}

/// Where the bytes of a relative virtual address are in the file.
std::optional<std::size_t> place_of(const Bytes& in, const Header& header, std::uint32_t address) {
    for (std::size_t i = 0; i < header.section_count; ++i) {
        auto at = header.sections + i * 40;
        auto begin = in.u32(at + 12), size = in.u32(at + 16), raw = in.u32(at + 20);
        if (address < begin || address - begin >= size) continue;
        return std::size_t{raw} + (address - begin);
    }
    return std::nullopt;
}

struct Streams {
    std::size_t tables = 0, names = 0, names_size = 0;
};

Streams streams_of(const Bytes& in, std::size_t root) {
    Streams streams;
    if (in.u32(root) != 0x424A5342) return streams;  // "BSJB"
    auto version = std::min<std::uint32_t>(in.u32(root + 12), 255);
    auto at = root + 16 + (version + 3) / 4 * 4;
    auto count = std::min<std::uint32_t>(in.u16(at + 2), 16);
    at += 4;
    for (std::uint32_t i = 0; i < count && at + 8 < in.size(); ++i) {
        auto offset = root + in.u32(at), size = std::size_t{in.u32(at + 4)};
        auto name = in.text().substr(at + 8, 32);
        name = name.substr(0, name.find('\0'));
        if (name == "#~" || name == "#-") streams.tables = offset;
        if (name == "#Strings") streams.names = offset, streams.names_size = size;
        at += 8 + (name.size() + 4) / 4 * 4;
    }
    return streams;
}

class Tables {
public:
    Tables(const Bytes& in, Streams streams) : in_(in), streams_(streams) {}

    Assembly read() {
        Assembly found;
        auto heaps = in_.number(streams_.tables + 6, 1);
        auto low = in_.number(streams_.tables + 8, 4), high = in_.number(streams_.tables + 12, 4);
        if (streams_.tables == 0 || streams_.names == 0 || !heaps || !low || !high) return found.damaged = true, found;
        string_ = (*heaps & 1) != 0 ? 4 : 2;
        guid_ = (*heaps & 2) != 0 ? 4 : 2;
        blob_ = (*heaps & 4) != 0 ? 4 : 2;
        auto at = streams_.tables + 24;
        for (std::size_t i = 0; i < 64; ++i) {
            if (((i < 32 ? *low >> i : *high >> (i - 32)) & 1) == 0) continue;
            auto rows = in_.number(at, 4);
            if (!rows) return found.damaged = true, found;
            rows_[i] = *rows;
            at += 4;
        }
        for (std::size_t i = 0; i <= kMemberRef; ++i) {
            begin_[i] = at;
            auto bytes = std::uint64_t{rows_[i]} * row_size(i);
            if (bytes > in_.size() || at > in_.size() - bytes) return found.damaged = true, found;
            at += static_cast<std::size_t>(bytes);
        }
        references(found);
        return found;
    }

private:
    std::size_t index(std::size_t table) const { return rows_[table] > 0xFFFF ? 4 : 2; }
    std::size_t coded(std::initializer_list<std::size_t> tables, unsigned bits) const {
        std::uint32_t most = 0;
        for (auto table : tables) most = std::max(most, rows_[table]);
        return most >= (1u << (16 - bits)) ? 4 : 2;
    }
    std::size_t scope() const { return coded({kModule, kModuleRef, kAssemblyRef, kTypeRef}, 2); }
    std::size_t type() const { return coded({kTypeDef, kTypeRef, kTypeSpec}, 2); }
    std::size_t parent() const { return coded({kTypeDef, kTypeRef, kModuleRef, kMethodDef, kTypeSpec}, 3); }
    std::size_t row_size(std::size_t table) const {
        switch (table) {
            case kModule: return 2 + string_ + 3 * guid_;
            case kTypeRef: return scope() + 2 * string_;
            case kTypeDef: return 4 + 2 * string_ + type() + index(kField) + index(kMethodDef);
            case kFieldPtr: return index(kField);
            case kField: return 2 + string_ + blob_;
            case kMethodPtr: return index(kMethodDef);
            case kMethodDef: return 8 + string_ + blob_ + index(kParam);
            case kParamPtr: return index(kParam);
            case kParam: return 4 + string_;
            case kInterfaceImpl: return index(kTypeDef) + type();
            default: return parent() + string_ + blob_;
        }
    }

    std::size_t name_place(std::size_t at) const { return streams_.names + in_.number(at, string_).value_or(0); }
    std::string_view name(std::size_t at) const {
        auto place = name_place(at);
        if (place >= in_.size() || place - streams_.names >= streams_.names_size) return {};
        auto text = in_.text().substr(place, kMostName);
        return text.substr(0, text.find('\0'));
    }

    void references(Assembly& found) const {
        auto size = row_size(kMemberRef);
        auto count = std::min<std::size_t>(rows_[kMemberRef], kMostReferences);
        for (std::size_t i = 0; i < count; ++i) {
            auto at = begin_[kMemberRef] + i * size;
            auto owner = in_.number(at, parent()).value_or(0);
            Reference reference;
            reference.member = name(at + parent());
            reference.span = {
                static_cast<std::uint32_t>(std::min(name_place(at + parent()), in_.size() - reference.member.size())),
                static_cast<std::uint32_t>(reference.member.size())};
            auto row = owner >> 3;
            if ((owner & 7) == 1 && row >= 1 && row <= rows_[kTypeRef]) {
                auto type_at = begin_[kTypeRef] + (row - 1) * row_size(kTypeRef) + scope();
                reference.type = name(type_at);
                reference.space = name(type_at + string_);
            }
            if (!reference.member.empty() && !reference.type.empty()) found.references.push_back(reference);
        }
    }

    const Bytes& in_;
    Streams streams_;
    std::size_t string_ = 2, guid_ = 2, blob_ = 2;
    std::array<std::uint32_t, 64> rows_{};
    std::array<std::size_t, kMemberRef + 1> begin_{};
};

struct Meaning {
    std::string_view type, member, signal;  // member "" is any
};
constexpr Meaning kMeanings[] = {
    {"Process", "Start", "assembly.command"},
    {"ProcessStartInfo", "", "assembly.command"},
    {"PowerShell", "AddScript", "assembly.command"},
    {"Assembly", "Load", "assembly.loader"},
    {"Assembly", "CreateInstance", "assembly.loader"},
    {"AppDomain", "Load", "assembly.loader"},
    {"Activator", "CreateInstance", "assembly.instance"},
    {"Marshal", "GetDelegateForFunctionPointer", "assembly.native"},
    {"CodeDomProvider", "CompileAssemblyFromSource", "assembly.compile"},
    {"CSharpCodeProvider", "", "assembly.compile"},
    {"VBCodeProvider", "", "assembly.compile"},
    {"Eval", "JScriptEvaluate", "assembly.eval"},
    {"HttpRequest", "", "assembly.request"},
    {"HttpRequestBase", "", "assembly.request"},
    {"HttpListener", "", "assembly.listen"},
    {"HttpPostedFile", "SaveAs", "assembly.upload"},
    {"Convert", "FromBase64String", "assembly.decode"},
    {"SymmetricAlgorithm", "CreateDecryptor", "assembly.decrypt"},
    {"RijndaelManaged", "", "assembly.decrypt"},
    {"Aes", "", "assembly.decrypt"},
    {"File", "WriteAllBytes", "assembly.file_write"},
    {"File", "WriteAllText", "assembly.file_write"},
    {"File", "Delete", "assembly.file_manage"},
    {"File", "SetLastWriteTime", "assembly.touch"},
    {"Directory", "GetFiles", "assembly.file_manage"},
    {"Socket", "Connect", "assembly.connect"},
    {"TcpClient", "", "assembly.connect"},
    {"SqlConnection", "", "assembly.database"},
    {"MethodBase", "Invoke", "assembly.reflection"},
    {"BinaryFormatter", "Deserialize", "assembly.deserialise"},
    {"LosFormatter", "Deserialize", "assembly.deserialise"},
};

}  // namespace

bool is_assembly(std::string_view bytes) { return header_of(Bytes(bytes)).has_value(); }

Assembly read_assembly(std::string_view bytes) {
    Bytes in(bytes);
    Assembly damaged;
    damaged.damaged = true;
    auto header = header_of(in);
    if (!header) return damaged;
    auto cli = place_of(in, *header, header->cli);
    if (!cli) return damaged;
    auto root = place_of(in, *header, in.u32(*cli + 8));
    if (!root) return damaged;
    return Tables(in, streams_of(in, *root)).read();
}

std::vector<Signal> signals_of(const Assembly& assembly) {
    std::vector<Signal> signals;
    for (const auto& reference : assembly.references)
        for (const auto& meaning : kMeanings) {
            if (reference.type != meaning.type || (!meaning.member.empty() && reference.member != meaning.member))
                continue;
            auto found = std::ranges::find(signals, meaning.signal, &Signal::name);
            if (found == signals.end())
                signals.push_back({std::string(meaning.signal), 1, Place{0, reference.span}});
            else
                found->value += 1;
        }
    std::ranges::sort(signals, {}, &Signal::name);
    return signals;
}

}  // namespace ascribe::shells
