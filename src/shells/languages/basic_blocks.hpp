// Visual Basic's blocks: what a line opens and another one, which names it, closes. They live on a stack of their own,
// so that nesting is bounded and a missing end closes with the block around it.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "shells/languages/basic_names.hpp"

namespace ascribe::shells::basic {

class BasicBlocks : protected BasicNames {
public:
    using BasicNames::BasicNames;

protected:
    struct Block {
        enum class Kind : std::uint8_t { choice, loop, each, select, with, function, type, attempt, plain } kind{};
        bool single = false;  // an If of one line
        Assembler::Label end{}, next{}, top{};
        std::string_view name = {};  // of a function; of a type before this one; the variable of Select, With, For
        std::string_view limit = {}, step = {};
        bool down = false, first = true, returns = false;
        std::string_view word = {};  // what names it at its end: "if", "for", "sub"
        Span span = {};
    };

    // Blocks ----------------------------------------------------------------------------------------------------------
    void push(Block block) {
        if (blocks_.size() >= kMostNesting) {
            to_.cut();
            return;
        }
        block.span = token().span;
        blocks_.push_back(block);
    }

    void close_single_lines() {
        while (!blocks_.empty() && blocks_.back().single) close_block();
    }

    /// Closes the innermost block that one of the words names, and all within; false when there is none.
    bool close_named(Words words) {
        for (auto i = blocks_.size(); i-- > 0;) {
            bool within = i + 1 < blocks_.size();  // an If of one line may name its end, though it need not
            if (!one_of(blocks_[i].word, words) || (blocks_[i].single && within)) continue;
            while (blocks_.size() > i) close_block();
            return true;
        }
        to_.unread();
        return false;
    }
    void skip_to_end(Words words) {
        close_named(words);
        skip_statement();
    }

    void close_block() {
        auto block = blocks_.back();
        blocks_.pop_back();
        auto span = token().span;
        switch (block.kind) {
            case Block::Kind::choice:
                to_.place(block.next);
                to_.place(block.end);
                break;
            case Block::Kind::loop:
                to_.place(block.next);
                if (!block.limit.empty()) {
                    to_.step(Op::variable, span, block.name);
                    to_.step(Op::variable, span, block.step);
                    assign(span, Operator::add);
                }
                to_.jump(Op::jump, block.top, span);
                to_.place(block.end);
                to_.close_loop();
                break;
            case Block::Kind::each:
                to_.jump(Op::jump, block.next, span);
                to_.place(block.end);
                to_.step(Op::each_end, span);
                to_.close_loop();
                break;
            case Block::Kind::select:
                to_.place(block.next);
                to_.place(block.end);
                to_.close_loop();
                break;
            case Block::Kind::function:
                if (block.returns) {
                    to_.step(Op::variable, span, block.name);
                    to_.step(Op::leave, span);
                }
                to_.close_function();
                break;
            case Block::Kind::type: type_ = block.name; break;
            case Block::Kind::attempt: to_.place(block.end); break;
            case Block::Kind::with: with_ = block.name; break;
            case Block::Kind::plain: break;
        }
    }

    void choice(Span span) {
        Block block{.kind = Block::Kind::choice, .end = to_.label(), .next = to_.label(), .word = "if"};
        expression();
        to_.jump(Op::jump_unless, block.next, span);
        take_word("then");
        block.single = !(token().kind == Kind::line || token().kind == Kind::end);
        push(block);
    }
    Block* innermost_choice() {
        for (auto i = blocks_.size(); i-- > 0;) {
            if (blocks_[i].kind != Block::Kind::choice) continue;
            bool direct = blocks_[i].single == false;
            if (direct || i + 1 == blocks_.size()) {
                while (blocks_.size() > i + 1) close_block();
                return &blocks_.back();
            }
            return nullptr;
        }
        return nullptr;
    }
    void else_if(Span span) {
        auto* block = innermost_choice();
        if (block == nullptr) return pass();
        to_.jump(Op::jump, block->end, span);
        to_.place(block->next);
        auto next = block->next = to_.label();
        expression();
        to_.jump(Op::jump_unless, next, span);
        take_word("then");
    }
    void otherwise(Span span) {
        auto* block = innermost_choice();
        if (block == nullptr) return pass();
        to_.jump(Op::jump, block->end, span);
        to_.place(block->next);
        block->next = to_.label();
    }

    void loop(Span span) {
        if (take_word("each")) return each(span);
        auto name = token().text;
        ++at_;
        if (take_word("as")) type_name();
        if (!sign("=")) return skip_statement();
        ++at_;
        to_.step(Op::variable, span, name);
        expression();
        assign(span);
        auto limit = to_.fresh(), step = to_.fresh();
        if (take_word("to")) {
            expression();
            to_.store(limit, span);
        }
        bool down = false;
        if (take_word("step")) {
            down = sign("-");
            expression();
        } else {
            to_.number(span, 1);
        }
        to_.store(step, span);
        Block block{.kind = Block::Kind::loop,
                    .end = to_.label(),
                    .next = to_.label(),
                    .top = to_.label(),
                    .name = name,
                    .limit = limit,
                    .step = step,
                    .down = down,
                    .word = "for"};
        to_.place(block.top);
        to_.step(Op::variable, span, name);
        to_.step(Op::variable, span, limit);
        to_.binary(down ? Operator::greater_equal : Operator::less_equal, span);
        to_.jump(Op::jump_unless, block.end, span);
        to_.open_loop(block.end, block.next, "for");
        push(block);
    }
    void each(Span span) {
        auto name = token().text;
        ++at_;
        if (take_word("as")) type_name();
        if (!take_word("in")) return skip_statement();
        expression();
        Block block{.kind = Block::Kind::each, .end = to_.label(), .next = to_.label(), .word = "for"};
        to_.step(Op::each_begin, span);
        to_.place(block.next);
        to_.jump(Op::each_next, block.end, span);
        to_.store(name, span);
        to_.step(Op::drop, span);
        to_.open_loop(block.end, block.next, "for");
        push(block);
    }

    void condition(Block& block, Span span) {
        bool until = word("until");
        ++at_;
        expression();
        to_.jump(until ? Op::jump_if : Op::jump_unless, block.end, span);
    }
    void do_loop(Span span) {
        Block block{
            .kind = Block::Kind::loop, .end = to_.label(), .next = to_.label(), .top = to_.label(), .word = "do"};
        to_.place(block.top);
        if (word("while") || word("until")) condition(block, span);
        to_.open_loop(block.end, block.next, "do");
        push(block);
    }
    void end_do(Span span) {
        auto at = std::ranges::find(blocks_.rbegin(), blocks_.rend(), std::string_view("do"), &Block::word);
        if (at != blocks_.rend() && (word("while") || word("until"))) {
            while (blocks_.back().word != "do") close_block();
            to_.place(blocks_.back().next);
            blocks_.back().next = to_.label();
            condition(blocks_.back(), span);
        }
        close_named({"do"});
    }
    void while_loop(Span span) {
        Block block{
            .kind = Block::Kind::loop, .end = to_.label(), .next = to_.label(), .top = to_.label(), .word = "while"};
        to_.place(block.top);
        expression();
        to_.jump(Op::jump_unless, block.end, span);
        to_.open_loop(block.end, block.next, "while");
        push(block);
    }

    void select(Span span) {
        take_word("case");
        expression();
        Block block{.kind = Block::Kind::select,
                    .end = to_.label(),
                    .next = to_.label(),
                    .name = to_.fresh(),
                    .word = "select"};
        to_.store(block.name, span);
        to_.open_loop(block.end, block.end, "select");
        push(block);
    }
    void select_case(Span span) {
        auto found = std::ranges::find(blocks_.rbegin(), blocks_.rend(), Block::Kind::select, &Block::kind);
        if (found == blocks_.rend()) return skip_statement();
        while (blocks_.back().kind != Block::Kind::select) close_block();
        auto& block = blocks_.back();
        if (!block.first) to_.jump(Op::jump, block.end, span);
        block.first = false;
        to_.place(block.next);
        block.next = to_.label();
        auto next = block.next;
        auto name = block.name;
        if (take_word("else")) return;
        auto body = to_.label();
        while (!ends(token())) {
            auto before = at_;
            to_.step(Op::variable, span, name);
            auto what = Operator::equal;
            if (take_word("is") || sign("<") || sign(">") || sign("<=") || sign(">=") || sign("<>")) {
                what = comparison(token());
                ++at_;
            }
            expression();
            if (take_word("to")) {  // a range: its lower end decides, the upper one is read over
                what = Operator::greater_equal;
                expression();
                to_.step(Op::drop, span);
            }
            to_.binary(what, span);
            to_.jump(Op::jump_if, body, span);
            if (sign(",")) ++at_;
            if (at_ == before) pass();
        }
        to_.jump(Op::jump, next, span);
        to_.place(body);
    }

    std::vector<Block> blocks_;
};

}  // namespace ascribe::shells::basic
