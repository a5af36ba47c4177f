#include "engine/scan.hpp"

#include "engine/in_order.hpp"
#include "shells/judge/model.hpp"
#include "shells/prefilter.hpp"

namespace ascribe {
namespace {

class ScriptsInOrder : public PartObserver {
public:
    ScriptsInOrder(Ledger& ledger, ScanResult& result,
                   const std::function<void(const Artefact&, const ExaminedScript&)>& examined)
        : ledger_(ledger), result_(result), examined_(examined) {}

    void part(ArtefactId artefact, std::uint64_t begin, std::uint64_t end, Reply& reply) override {
        if (reply.examined.empty()) return;  // a container, or a later segment
        result_.bytes += end - begin;
        order_.add(artefact, {.begin = begin,
                              .end = end,
                              .lines = 0,
                              .bytes = std::exchange(reply.examined, {}),
                              .file = {},
                              .size = 0});
    }
    void closed(ArtefactId artefact) override { order_.close(artefact); }
    void finish() {
        order_.finish();
        if (order_.lost() > 0) ledger_.damage({ArtefactId{0}, Fault::io, "scripts.lost", 0, order_.lost(), 0});
    }

private:
    void tell(ArtefactId artefact, std::string_view bytes) {
        Reader in(as_bytes(bytes));
        auto script = load_examined(in);
        if (!script) return ledger_.damage({artefact, Fault::bad_value, "worker.script", 0, 0, 0});
        ++result_.files;
        examined_(ledger_.artefact(artefact), *script);
    }

    Ledger& ledger_;
    ScanResult& result_;
    const std::function<void(const Artefact&, const ExaminedScript&)>& examined_;
    InOrder order_{[this](ArtefactId artefact, std::string_view bytes, std::uint64_t) { tell(artefact, bytes); }};
};

}  // namespace

std::expected<ScanResult, std::string> scan_scripts(
    const ScanOptions& options, const Intel& intel,
    const std::function<void(const Artefact&, const ExaminedScript&)>& examined) {
    Stages stages{.parsers = {}, .detectors = {}, .intel = intel, .scan = &options.what};
    shells::prepare_prefilter();  // once, before workers are forked
    shells::builtin_model();
    Pool pool = fork_workers(options, stages);
    Ledger ledger(stages);
    ScanResult result;
    ScriptsInOrder scripts(ledger, result, examined);
    IntakeOptions intake_options = options.intake;
    intake_options.observer = &scripts;
    intake_options.open.whole = true;  // a script may stand anywhere in what looks like a log
    intake_options.hash = false;       // what is told is hashed where it is read, and copies are told each
    Intake intake(pool, ledger, intake_options);
    if (auto read = read_all(options.evidence, intake); !read) return std::unexpected(read.error());
    if (pool.stopped()) return std::unexpected("interrupted: what was printed is in order and incomplete");
    scripts.finish();
    Case books;
    ledger.close_into(books);
    keep_books(std::move(books), pool, result);
    return result;
}

}  // namespace ascribe
