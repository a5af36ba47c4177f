// JSON: https://www.rfc-editor.org/rfc/rfc8259. XML: the elements of Windows' own event schema as far as rows keep
// them, https://learn.microsoft.com/windows/win32/wes/eventschema-elements. CSV:
// https://www.rfc-editor.org/rfc/rfc4180.
#include "report/row_lines.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "report/pen.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kNamespace = "http://schemas.microsoft.com/win/2004/08/events/event";
/// Room for everything in a line that is not text of the row, its column names or its path: time, numbers, and the
/// longest form's fixed elements, which are some 400 bytes.
constexpr std::size_t kFixed = 1'024;
/// The same for one field: quotes, colon, brackets, the elements around it, a number.
constexpr std::size_t kFixedField = 64;

std::size_t size_of(const Cell& cell) {
    auto* text = std::get_if<std::string_view>(&cell);
    return text != nullptr ? text->size() : 0;
}

void quoted_json(Pen& pen, std::string_view text) {
    pen.raw('"');
    pen.json(text);
    pen.raw('"');
}

void json_value(Pen& pen, const Cell& cell) {
    if (auto* text = std::get_if<std::string_view>(&cell))
        quoted_json(pen, *text);
    else if (auto* number = std::get_if<std::int64_t>(&cell))
        pen.number(*number);
    else
        pen.raw("null");
}

void json_time(Pen& pen, Time time) {
    if (time == kNoTime) return pen.raw("null");
    pen.raw('"');
    pen.time(time);
    pen.raw('"');
}

void xml_value(Pen& pen, const Cell& cell) {
    if (auto* text = std::get_if<std::string_view>(&cell))
        pen.xml(*text);
    else if (auto* number = std::get_if<std::int64_t>(&cell))
        pen.number(*number);
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
void csv_text(Pen& pen, std::string_view text) {
    pen.raw('"');
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) pen.raw('\'');
    pen.csv(text);
    pen.raw('"');
}

void csv_value(Pen& pen, const Cell& cell) {
    if (auto* text = std::get_if<std::string_view>(&cell)) return csv_text(pen, *text);
    auto* number = std::get_if<std::int64_t>(&cell);
    if (number == nullptr) return;
    if (*number < 0) return csv_text(pen, std::to_string(*number));
    pen.number(*number);
}

/// Says soon that no name is there twice, which is so for nearly all rows: only names that share a bit are compared.
class NamesSeen {
public:
    /// False when the name shares its bit with one before.
    bool add(std::string_view name) {
        std::uint64_t begin = 0, end = 0;
        if (auto taken = std::min<std::size_t>(name.size(), sizeof begin); taken > 0) {
            std::memcpy(&begin, name.data(), taken);
            std::memcpy(&end, name.data() + name.size() - taken, taken);
        }
        auto hash = (begin ^ (end << 1) ^ name.size()) * 0x9E3779B97F4A7C15ull;  // Fibonacci hashing
        auto& word = bits_[hash >> 58];
        auto bit = 1ull << (hash >> 52 & 63);
        bool is_new = (word & bit) == 0;
        word |= bit;
        return is_new;
    }

private:
    std::array<std::uint64_t, 64> bits_{};
};

/// Fields that have a place of their own below System.
struct SystemField {
    std::string_view field, begin, end;
};
constexpr SystemField kProvider[] = {{"System.Provider.Guid", " Guid=\"", "\""},
                                     {"System.Provider.EventSourceName", " EventSourceName=\"", "\""}};
constexpr SystemField kEventId[] = {{"System.EventID.Qualifiers", " Qualifiers=\"", "\""}};
constexpr SystemField kVersion[] = {{"System.Version", "<Version>", "</Version>"}};
constexpr SystemField kKinds[] = {{"System.Task", "<Task>", "</Task>"},
                                  {"System.Opcode", "<Opcode>", "</Opcode>"},
                                  {"System.Keywords", "<Keywords>", "</Keywords>"}};
constexpr SystemField kCorrelation[] = {{"System.Correlation.ActivityID", " ActivityID=\"", "\""},
                                        {"System.Correlation.RelatedActivityID", " RelatedActivityID=\"", "\""}};
constexpr SystemField kExecution[] = {{"System.Execution.ProcessID", " ProcessID=\"", "\""},
                                      {"System.Execution.ThreadID", " ThreadID=\"", "\""}};

/// Up to so many fields are compared with each other; more are sorted.
constexpr std::size_t kFew = 64;

std::string escaped(RowForm form, std::string_view text) {
    std::string out(Pen::kXml * text.size() + Pen::kSlack, '\0');
    Pen pen(out.data());
    if (form == RowForm::jsonl) pen.json(text);
    if (form == RowForm::xml) pen.xml(text);
    if (form == RowForm::csv) csv_text(pen, text);
    out.resize(static_cast<std::size_t>(pen.at() - out.data()));
    return out;
}

}  // namespace

RowLines::RowLines(RecordKind kind, RowForm form, std::string_view path)
    : form_(form), columns_(record_schemas()[static_cast<std::size_t>(kind)].columns), place_(escaped(form, path)) {
    for (const ColumnSchema& column : columns_) keys_.push_back(",\"" + std::string(column.name) + "\":");
}

std::string RowLines::head(RecordKind kind, RowForm form) {
    if (form == RowForm::jsonl) return {};
    if (form == RowForm::xml)
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Events xmlns=\"" + std::string(kNamespace) + "\">\n";
    std::string out = "time";
    for (const ColumnSchema& column : record_schemas()[static_cast<std::size_t>(kind)].columns)
        out += "," + std::string(column.name);
    return out + ",path,offset,size,data\r\n";
}

std::string RowLines::foot(RowForm form) { return form == RowForm::xml ? "</Events>\n" : ""; }

void RowLines::append(const Row& row, std::string& out) {
    auto write = [&](std::size_t room, char* (RowLines::*line)(const Row&, char*)) {
        out.resize_and_overwrite(out.size() + room, [&, before = out.size()](char* buffer, std::size_t) {
            return static_cast<std::size_t>((this->*line)(row, buffer + before) - buffer);
        });
    };
    switch (form_) {
        case RowForm::jsonl: return write(most(row, Pen::kJson), &RowLines::json);
        case RowForm::xml: return write(most(row, Pen::kXml), &RowLines::xml);
        case RowForm::csv: break;
    }
    auto room = most(row, Pen::kJson);  // the columns' quarter of it is enough for them as cells
    data_.resize_and_overwrite(room, [&](char* buffer, std::size_t) {
        return static_cast<std::size_t>(json_data(row.fields, buffer) - buffer);
    });
    write(room + 2 * data_.size(), &RowLines::csv);  // quotes are doubled
}

/// Bytes that the row's line takes at most when each byte of text becomes `factor`.
std::size_t RowLines::most(const Row& row, std::size_t factor) const {
    std::size_t text = 0, names = 0;
    for (const Cell& cell : row.cells) text += size_of(cell);
    for (const Field& field : row.fields) text += field.name.size() + size_of(field.value);
    for (const std::string& key : keys_) names += key.size() + Pen::kNumber;
    return kFixed + names + place_.size() + factor * text + kFixedField * (row.cells.size() + row.fields.size());
}

bool RowLines::find_repeats(std::span<const Field> fields) {
    NamesSeen seen;
    bool may_repeat = false;
    for (std::size_t i = 0; i < fields.size() && !may_repeat; ++i) {
        if (seen.add(fields[i].name)) continue;
        may_repeat = fields.size() > kFew ||
                     std::ranges::find(fields.first(i), fields[i].name, &Field::name) != fields.begin() + i;
    }
    if (!may_repeat) return false;
    order_.resize(fields.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::ranges::sort(order_, [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(fields[a].name, a) < std::tie(fields[b].name, b);
    });
    next_.assign(fields.size(), kNone);
    is_told_.assign(fields.size(), false);
    for (std::size_t i = 1; i < order_.size(); ++i)
        if (fields[order_[i - 1]].name == fields[order_[i]].name) {
            next_[order_[i - 1]] = order_[i];
            is_told_[order_[i]] = true;
        }
    return true;
}

char* RowLines::json_data(std::span<const Field> fields, char* at) {
    Pen pen(at);
    bool repeats = find_repeats(fields);
    char separator = '{';
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
        if (repeats && is_told_[i]) continue;
        pen.raw(separator);
        separator = ',';
        quoted_json(pen, fields[i].name);
        pen.raw(':');
        if (!repeats || next_[i] == kNone) {
            json_value(pen, fields[i].value);
            continue;
        }
        pen.raw('[');
        for (auto same = i; same != kNone; same = next_[same]) {
            if (same != i) pen.raw(',');
            json_value(pen, fields[same].value);
        }
        pen.raw(']');
    }
    if (separator == '{') pen.raw('{');
    pen.raw('}');
    return pen.at();
}

char* RowLines::json(const Row& row, char* at) {
    Pen pen(at);
    pen.raw("{\"time\":");
    json_time(pen, row.time);
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        pen.raw(keys_[column]);
        json_value(pen, row.cells[column]);
    }
    pen.raw(",\"data\":");
    pen = Pen(json_data(row.fields, pen.at()));
    pen.raw(",\"path\":\"");
    pen.raw(place_);
    pen.raw("\",\"offset\":");
    pen.number(row.ref.offset);
    pen.raw(",\"size\":");
    pen.number(row.ref.size);
    pen.raw("}\n");
    return pen.at();
}

char* RowLines::xml(const Row& row, char* at) {
    Pen pen(at);
    is_told_.assign(row.fields.size(), false);  // here: written already
    auto element = [&](std::string_view begin, std::size_t column, std::string_view end) {
        if (std::holds_alternative<std::monostate>(row.cells[column])) return;
        pen.raw(begin);
        xml_value(pen, row.cells[column]);
        pen.raw(end);
    };
    auto fields = [&](std::span<const SystemField> wanted) {
        for (const SystemField& system : wanted) {
            auto field = std::ranges::find(row.fields, system.field, &Field::name);
            if (field == row.fields.end()) continue;
            is_told_[static_cast<std::size_t>(field - row.fields.begin())] = true;
            pen.raw(system.begin);
            xml_value(pen, field->value);
            pen.raw(system.end);
        }
    };
    pen.raw("<Event><System><Provider");
    element(" Name=\"", WindowsEvent::provider, "\"");
    fields(kProvider);
    pen.raw("/><EventID");
    fields(kEventId);
    element(">", WindowsEvent::event_id, "</EventID>");
    fields(kVersion);
    element("<Level>", WindowsEvent::level, "</Level>");
    fields(kKinds);
    if (row.time != kNoTime) {
        pen.raw("<TimeCreated SystemTime=\"");
        pen.time(row.time);
        pen.raw("\"/>");
    }
    element("<EventRecordID>", WindowsEvent::record_id, "</EventRecordID>");
    pen.raw("<Correlation");
    fields(kCorrelation);
    pen.raw("/><Execution");
    fields(kExecution);
    pen.raw("/>");
    element("<Channel>", WindowsEvent::channel, "</Channel>");
    element("<Computer>", WindowsEvent::computer, "</Computer>");
    pen.raw("<Security");
    element(" UserID=\"", WindowsEvent::user, "\"");
    pen.raw("/></System><EventData>");
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        if (is_told_[i]) continue;
        pen.raw("<Data Name=\"");
        pen.xml(row.fields[i].name);
        pen.raw("\">");
        xml_value(pen, row.fields[i].value);
        pen.raw("</Data>");
    }
    pen.raw("</EventData>");
    element("<RenderingInfo><Message>", WindowsEvent::message, "</Message></RenderingInfo>");
    pen.raw("<Evidence Path=\"");
    pen.raw(place_);
    pen.raw("\" Offset=\"");
    pen.number(row.ref.offset);
    pen.raw("\" Size=\"");
    pen.number(row.ref.size);
    pen.raw("\"/></Event>\n");
    return pen.at();
}

char* RowLines::csv(const Row& row, char* at) {
    Pen pen(at);
    if (row.time != kNoTime) pen.time(row.time);
    for (const Cell& cell : row.cells) {
        pen.raw(',');
        csv_value(pen, cell);
    }
    pen.raw(',');
    pen.raw(place_);
    pen.raw(',');
    pen.number(row.ref.offset);
    pen.raw(',');
    pen.number(row.ref.size);
    pen.raw(",\"");
    pen.csv(data_);
    pen.raw("\"\r\n");
    return pen.at();
}

}  // namespace ascribe
