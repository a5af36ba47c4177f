// What a worker in the intruder's hands sends its parent, who is not confined: the state of a detector, or what is
// known of a script. Whatever the bytes say, they are refused, or can be merged, concluded on and saved, and then load
// again. The first byte tells which. States of the golden samples are where it starts from.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "detect/all.hpp"
#include "intel/load.hpp"
#include "parse/all.hpp"
#include "require.hpp"
#include "shells/saved.hpp"

namespace ascribe {
namespace {

const Intel& intel() {
    static const Intel loaded = builtin_intel();
    return loaded;
}

/// Every detector's state of one artefact.
class States : public Sink {
public:
    void batch(RecordBatch batch) override {
        batch.cite_into(citations_);
        for (std::size_t i = 0; i < detectors().size(); ++i) {
            const Detector& detector = detectors()[i];
            if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
            if (!states_[i].has_value()) states_[i] = detector.begin();
            detector.observe(states_[i], batch, intel());
        }
    }
    void bad(const Error&) override {}
    void damage(const Error&) override {}
    void directives(std::uint64_t) override {}
    void lines(std::uint64_t) override {}

    void add_to(std::vector<std::string>& samples) const {
        for (std::size_t i = 0; i < states_.size(); ++i) {
            if (!states_[i].has_value()) continue;
            Writer out;
            out.little(static_cast<std::uint8_t>(i));
            detectors()[i].save(states_[i], out);
            samples.push_back(out.take());
        }
    }

private:
    std::vector<std::any> states_ = std::vector<std::any>(detectors().size());  // by detector
    std::shared_ptr<Citations> citations_ = std::make_shared<Citations>();
};

std::vector<std::string> read_samples() {
    std::vector<std::string> samples;
    for (const Parser& parser : parsers())
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(ASCRIBE_GOLDEN) / parser.name, std::filesystem::directory_options::none)) {
            if (entry.path().extension() != ".in") continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::ostringstream text;
            text << in.rdbuf();
            auto bytes = text.str();
            Part part{};
            part.artefact = ArtefactId{1};
            part.whole = Bytes(as_bytes(bytes), nullptr);
            part.end = bytes.size();
            States states;
            parser.parse(part, states);
            states.add_to(samples);
        }
    return samples;
}

void try_state(const Detector& detector, Reader& in) {
    auto state = detector.load(in);
    if (!state) return;
    auto sum = detector.begin();
    detector.merge(sum, *state);
    detector.merge(sum, *state);
    detector.conclude(sum, intel());
    Writer out;
    detector.save(sum, out);
    Reader again(as_bytes(out.bytes()));
    if (auto loaded = detector.load(again); !loaded) {
        std::fprintf(stderr, "%s of %s\n", std::string(loaded.error().what).c_str(),
                     std::string(detector.name).c_str());
        require(false, "a state that was saved does not load");
    }
}

}  // namespace
}  // namespace ascribe

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    static const auto samples = ascribe::read_samples();
    constexpr unsigned kFresh = 64;  // one in so many begins at a sample again
    if (size < 2 || seed % kFresh == 0) {
        const auto& sample = samples[seed / kFresh % samples.size()];
        size = sample.copy(reinterpret_cast<char*>(data), most);
    }
    return LLVMFuzzerMutate(data, size, most);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ascribe;
    if (size == 0) return 0;
    Reader in(std::as_bytes(std::span(data, size)).subspan(1));
    auto which = data[0] % (detectors().size() + 1);
    if (which < detectors().size())
        try_state(detectors()[which], in);
    else
        (void)shells::load(in);
    return 0;
}
