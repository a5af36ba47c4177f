// Names and keys against the standard library's maps, and the library's entries by their own names.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "shells/library/library.hpp"
#include "shells/machine/names.hpp"
#include "shells/machine/value.hpp"

namespace ascribe::shells::test {
namespace {

/// Names of all sizes, many of which share beginnings and ends.
std::vector<std::string> names(std::size_t count) {
    std::mt19937 random(7);
    std::vector<std::string> made;
    for (std::size_t i = 0; i < count; ++i) {
        std::string name(random() % 24, 'a');
        for (char& c : name)
            if (random() % 4 == 0) c = static_cast<char>('a' + random() % 4);
        made.push_back(std::move(name));
    }
    return made;
}

TEST(Names, AreFoundAsInAMapAndStayWhereTheyAre) {
    auto all = names(20000);
    NameMap<std::size_t> map;
    std::map<std::string_view, std::size_t> known;
    std::vector<std::string_view> order;
    std::vector<const std::size_t*> places;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto [at, fresh] = map.try_emplace(all[i], i);
        auto [other, also_fresh] = known.try_emplace(all[i], i);
        ASSERT_EQ(fresh, also_fresh);
        ASSERT_EQ(at->second, other->second);
        if (!fresh) continue;
        order.emplace_back(all[i]);
        places.push_back(&at->second);
    }
    ASSERT_EQ(map.size(), known.size());
    auto copy = map;
    std::size_t next = 0;
    for (const auto& [name, value] : map) {
        EXPECT_EQ(name, order[next]);
        EXPECT_EQ(&value, places[next++]);
        EXPECT_EQ(copy.find(name)->second, known.at(name));
    }
    EXPECT_FALSE(map.contains("not there"));
    EXPECT_EQ(map.find("not there"), map.end());
}

TEST(Names, OfEveryEntryFindItWhateverTheCase) {
    for (auto language : {Language::php, Language::vbscript, Language::jscript, Language::csharp, Language::vbnet,
                          Language::java, Language::cfml, Language::perl, Language::python}) {
        std::map<std::string, const Entry*> first;
        for (auto entries : library(language))
            for (const Entry& entry : entries) first.try_emplace(lower(entry.name), &entry);
        for (const auto& [folded, entry] : first) {
            EXPECT_EQ(find_entry(language, entry->name), entry) << entry->name;
            bool as_is = language == Language::php && folded.starts_with('$');
            EXPECT_EQ(find_entry(language, as_is ? entry->name : std::string_view(folded)), entry) << folded;
            auto half = entry->name.size() / 2;
            EXPECT_EQ(find_entry(language, entry->name.substr(0, half), entry->name.substr(half)), entry);
        }
    }
    EXPECT_EQ(find_entry(Language::php, "$_get"), nullptr);
    EXPECT_EQ(find_entry(Language::php, std::string(1 << 20, 'a')), nullptr);
}

TEST(Lists, KeepTheirKeysWhenTheLastAreTakenOut) {
    auto all = names(2000);
    List list;
    std::map<std::string, double> known;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto key = key_of(Value::constant(all[i]));
        list.at(key) = Value::of_number(static_cast<double>(i));
        known[all[i]] = static_cast<double>(i);
        if (i % 3 != 0) continue;
        auto last = list.items.back().key;
        known.erase(std::string(last.view));
        list.remove(last);
        EXPECT_EQ(list.find(last), nullptr);
    }
    EXPECT_EQ(list.items.size(), known.size());
    for (const auto& [name, number] : known) {
        auto* found = list.find(key_of(Value::constant(name)));
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->number, number);
    }
}

TEST(Lists, TakeZeroAndItsNegativeForOneKey) {
    List list;
    for (int i = 40; i > 0; --i) list.at(Value::of_number(i)) = Value::of_number(i);
    list.at(Value::of_number(0)) = Value::of_number(7);
    ASSERT_NE(list.find(Value::of_number(-0.0)), nullptr);
    EXPECT_EQ(list.find(Value::of_number(-0.0))->number, 7);
}

}  // namespace
}  // namespace ascribe::shells::test
