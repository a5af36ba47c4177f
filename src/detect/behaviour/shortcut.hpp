// The last answers to a question that rows ask again and again, found with one comparison. A copy starts empty: answers
// may point into what it was copied with.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace ascribe::behaviour {

template <class Answer>
class Shortcut {
public:
    Shortcut() = default;
    Shortcut(const Shortcut&) {}
    Shortcut& operator=(const Shortcut&) {
        slots_.reset();
        return *this;
    }

    /// The answer to `key`: remembered, or asked of `answer(key)` now.
    template <class Ask>
    Answer& get(std::string_view key, Ask ask) {
        if (!slots_) slots_ = std::make_unique<std::array<Slot, kSlots>>();
        Slot& slot = (*slots_)[place(key)];
        if (!slot.taken || slot.key != key) {
            slot.answer = ask(key);
            slot.key.assign(key);
            slot.taken = true;
        }
        return slot.answer;
    }
    void forget() { slots_.reset(); }

private:
    static constexpr std::size_t kSlots = 1'024;
    struct Slot {
        std::string key;
        Answer answer{};
        bool taken = false;
    };

    /// Length and both ends tell most paths and addresses apart.
    static std::size_t place(std::string_view key) {
        std::size_t mixed = key.size();
        for (std::size_t i = 0; i < 6 && i < key.size(); ++i) {
            mixed = mixed * 31 + static_cast<unsigned char>(key[key.size() - 1 - i]);
            mixed = mixed * 31 + static_cast<unsigned char>(key[key.size() / 2 - std::min(i, key.size() / 2)]);
        }
        return (mixed ^ (mixed >> 10)) % kSlots;
    }

    std::unique_ptr<std::array<Slot, kSlots>> slots_;
};

}  // namespace ascribe::behaviour
