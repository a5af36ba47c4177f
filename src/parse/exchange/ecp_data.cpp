#include "parse/exchange/ecp_data.hpp"

#include <algorithm>

#include "parse/marks.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kPairLimit = 4'096;  // an honest row has a dozen

/// An apostrophe opens a quote where a value or an item of a list begins; elsewhere it is a letter, as in O'Neil.
bool opens(std::string_view data, std::size_t at) {
    return data[at] == '\'' && at > 0 && std::string_view("=,({ ").find(data[at - 1]) != std::string_view::npos;
}

/// What quotes the text at an opening apostrophe: one, or two where the whole list was quoted once more. Two with
/// nothing behind them are an empty text.
std::string_view quote_at(std::string_view text) {
    bool two = text.size() > 2 && text[1] == '\'' && std::string_view(";.,)} ").find(text[2]) == std::string_view::npos;
    return two ? "''" : "'";
}

/// Where the pair at the start of `data` ends: at the first ; outside quotes. A quote that never closes ends at the
/// next
/// ";S:" instead, because the intruder wrote the value.
std::size_t end_of_pair(std::string_view data) {
    std::string_view quote;
    std::size_t at = 0;
    while (at < data.size()) {
        if (quote.empty()) {
            if (data[at] == ';') return at;
            if (opens(data, at)) {
                quote = quote_at(data.substr(at));
                at += quote.size() - 1;
            }
        } else if (data.substr(at).starts_with(quote)) {
            bool doubled = quote.size() == 1 && data.substr(at).starts_with("''");  // an apostrophe inside a quote
            at += quote.size() - 1;
            if (doubled)
                ++at;
            else
                quote = {};
        }
        ++at;
    }
    auto next = quote.empty() ? std::string_view::npos : data.find(";S:");
    return next == std::string_view::npos ? data.size() : next;
}

constexpr std::string_view kQuotedPair = "'S:";

/// The size of a pair that is quoted as a whole, 'S:CMD=a ''b''; c', with its quotes; 0 where it never closes.
std::size_t quoted_pair(std::string_view data) {
    for (auto at = data.find('\'', 1); at != std::string_view::npos; at = data.find('\'', at + 1)) {
        if (at + 1 == data.size() || data[at + 1] == ';') return at + 1;
        if (data[at + 1] == '\'') ++at;
    }
    return 0;
}

/// One pair, or what stands in place of one; `equals` is where its first = is, if it has one.
void add(std::string_view item, std::size_t equals, EcpPairs& pairs) {
    if (item.starts_with("S:") && equals < item.size())
        pairs.emplace_back(item.substr(2, equals - 2), item.substr(equals + 1));
    else if (!item.empty())
        pairs.emplace_back(std::string_view{}, item);
}

}  // namespace

void split_ecp_data(std::string_view data, EcpPairs& pairs) {
    pairs.clear();
    Marks<';', '=', '\''> marks(data);
    bool may_quote = true;
    for (std::size_t begin = 0; begin < data.size();) {
        if (pairs.size() == kPairLimit) {
            pairs.emplace_back(std::string_view{}, data.substr(begin));
            return;
        }
        if (may_quote && data.substr(begin).starts_with(kQuotedPair)) {
            auto size = quoted_pair(data.substr(begin));
            may_quote = size > 0;  // where one has no end, none behind it has
            if (may_quote) {
                auto pair = data.substr(begin + 1, size - 2);
                add(pair, std::min(pair.find('='), pair.size()), pairs);
                begin += size + 1;
                marks.pass(std::min(begin, data.size()) - 1);
                continue;
            }
        }
        if (data.substr(begin).starts_with(kQuotedPair)) marks.pass(begin++);
        auto mark = marks.next(), equals = mark;
        while (mark < data.size() && data[mark] == '=') mark = marks.next();
        if (mark < data.size() && data[mark] == '\'') {  // a quote may hold what ends a pair elsewhere
            mark = begin + end_of_pair(data.substr(begin));
            marks.pass(mark);
            equals = begin + std::min(data.substr(begin, mark - begin).find('='), mark - begin);
        }
        add(data.substr(begin, mark - begin), equals - begin, pairs);
        begin = mark + 1;
    }
}

}  // namespace ascribe
