#include "attribute/text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"
#include "model/decibans.hpp"

namespace ascribe {
namespace {

/// Cluster, actor, sponsor: three statements of different kinds, and only the first two are worked out here.
void write_propositions(const ThreadAttribution& a, std::back_insert_iterator<std::string> out) {
    fmt::format_to(out, "{}\n{}\n", visible(a.sentence), visible(a.confidence));
    fmt::format_to(out, "That {} is one intruder's rests on hard links: page, address, session, account, file.\n",
                   visible(a.thread));
    if (!a.named) {
        fmt::format_to(out, "Who is behind it is not said, for nobody is named.\n\n");
        return;
    }
    const ActorChance& first = a.actors.front();
    if (first.sponsor.empty())
        fmt::format_to(out, "Who is behind {} nobody has stated in the data used.\n\n", visible(first.name));
    else
        fmt::format_to(out, "Who is behind {} is not worked out here. Others state: {}\n\n", visible(first.name),
                       visible(first.sponsor));
}

}  // namespace

std::string page_of(const ThreadAttribution& a, Scale scale) {
    std::string text;
    auto out = std::back_inserter(text);
    write_propositions(a, out);
    for (const ActorChance& actor : a.actors)
        fmt::format_to(out, "  {:<6} {:<40} {:>10}  {}\n", actor.id, visible(actor.name, 40),
                       percent(actor.probability), word_of(scale, actor.probability));
    fmt::format_to(out, "  {:<6} {:<40} {:>10}  {}\n\nDecibans for each of them, and the first without the item:\n", "",
                   "an actor that is not known here", percent(a.other), word_of(scale, a.other));
    for (const EvidenceLine& line : a.evidence) {
        for (double nats : line.nats) fmt::format_to(out, " {:>+6.1f}", nats * kDecibans);
        fmt::format_to(out, "  {:>10}  {:<18} {}\n", percent(line.without), line.item, visible(line.what, 90));
    }
    for (const ActorChance& actor : a.actors) fmt::format_to(out, " {:>+6.1f}", actor.score * kDecibans);
    fmt::format_to(out, "  sum\n\n");
    if (!a.carried_by.empty()) fmt::format_to(out, "{} carries it.\n", visible(a.carried_by));
    if (a.against.empty())
        fmt::format_to(out, "No item speaks against it by as much as a deciban.\n");
    else
        fmt::format_to(out, "{} speaks most against it.\n", visible(a.against));
    fmt::format_to(out, "Were all that can be planted twice as likely planted: {}.\n", percent(a.if_planted));
    if (!a.change.empty()) {
        fmt::format_to(out, "The word changes without:");
        for (const std::string& item : a.change) fmt::format_to(out, " {}", visible(item));
        fmt::format_to(out, "\n");
    }
    return text + '\n';
}

}  // namespace ascribe
