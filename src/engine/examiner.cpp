#include "engine/examiner.hpp"

#include <cstring>

namespace ascribe {

void examine_script(const Job& job, const Bytes& bytes, const ScriptScan& scan, Reply& reply) {
    if (job.base != 0) return;
    auto analysis = shells::examine(job.path, bytes.text(), scan.depth);
    if (job.streamed) analysis.limits.emplace_back("script.bytes");
    Writer out;
    bool told = analysis.verdict != shells::Verdict::benign || scan.detail == shells::Detail::explanation;
    bool hashed = told && !job.streamed;
    out.little(static_cast<std::uint8_t>(hashed));
    if (hashed) out.text(as_text(sha256(bytes.view())));
    save(analysis, scan.detail, out);
    reply.examined = out.take();
}

Result<ExaminedScript> load_examined(Reader& in) {
    ExaminedScript script;
    script.hashed = TRY(in.little<std::uint8_t>("examined.hashed")) != 0;
    if (script.hashed) {
        auto digest = TRY(in.text("examined.digest"));
        if (digest.size() != script.digest.size())
            return std::unexpected(Error{Fault::bad_value, "examined.digest", in.offset()});
        std::memcpy(script.digest.data(), digest.data(), digest.size());
    }
    script.analysis = TRY(shells::load(in));
    return script;
}

}  // namespace ascribe
