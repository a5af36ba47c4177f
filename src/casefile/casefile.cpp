// The file: table `state` holds the case (see state.hpp), `citation` the bytes behind it; the other tables repeat what
// people ask for in SQL. `ascribe` reads the first two only, so the others cannot contradict them.
#include "casefile/casefile.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/text.hpp"
#include "casefile/state.hpp"

namespace ascribe {
namespace {

constexpr int kApplication = 0x41736372;  // "Ascr": how file(1) and we tell a case from other databases
constexpr int kVersion = 5;               // of what stands in `state`; no other is read

constexpr const char* kTables = R"(
CREATE TABLE state(version INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE citation(artefact INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL, line INTEGER, bytes BLOB NOT NULL, PRIMARY KEY(artefact, offset, size)) STRICT;
CREATE TABLE run(version TEXT, command_line TEXT, isolation TEXT, workers INTEGER, started TEXT, finished TEXT, intel TEXT) STRICT;
CREATE TABLE artefact(id INTEGER PRIMARY KEY, path TEXT, windows_path TEXT, size INTEGER, sha256 TEXT, parser TEXT, layout TEXT) STRICT;
CREATE TABLE verdict(server TEXT, state TEXT, sentence TEXT, exposed TEXT, attempted TEXT, exploited TEXT, shell TEXT, used TEXT, coverage REAL) STRICT;
CREATE TABLE finding(id TEXT, server TEXT, detector TEXT, level TEXT, severity TEXT, question TEXT, probability REAL, time TEXT, raw_time TEXT, statement TEXT, address TEXT, page TEXT) STRICT;
CREATE TABLE evidence(finding TEXT, artefact INTEGER, offset INTEGER, size INTEGER) STRICT;
CREATE TABLE timeline(server TEXT, time TEXT, clock TEXT, finding TEXT, thread TEXT) STRICT;
CREATE TABLE exposure(server TEXT, cve TEXT, state TEXT, opened TEXT, closed TEXT, reason TEXT) STRICT;
CREATE TABLE coverage(server TEXT, family TEXT, question TEXT, opened TEXT, closed TEXT, days INTEGER, days_covered INTEGER, answered INTEGER, collect TEXT) STRICT;
CREATE TABLE damage(artefact INTEGER, fault TEXT, what TEXT, offset INTEGER) STRICT;
)";

struct Failure {
    std::string why;
};

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

/// A prepared statement with bound parameters: evidence text never becomes SQL.
class Statement {
public:
    Statement(sqlite3* database, const char* sql) : database_(database) {
        if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK)
            throw Failure{sqlite3_errmsg(database)};
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    template <class... T>
    void run(const T&... values) {
        int index = 0;
        (bind(++index, values), ...);
        if (sqlite3_step(statement_) != SQLITE_DONE) throw Failure{sqlite3_errmsg(database_)};
        sqlite3_reset(statement_);
    }
    bool next() {
        int status = sqlite3_step(statement_);
        if (status != SQLITE_ROW && status != SQLITE_DONE) throw Failure{sqlite3_errmsg(database_)};
        return status == SQLITE_ROW;
    }
    std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
    std::string_view bytes(int column) {
        auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        return {data, data ? static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) : 0};
    }

private:
    void bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
    void bind(int index, std::uint64_t value) {
        sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value));
    }
    void bind(int index, std::uint32_t value) { sqlite3_bind_int64(statement_, index, value); }
    void bind(int index, int value) { sqlite3_bind_int(statement_, index, value); }
    void bind(int index, double value) { sqlite3_bind_double(statement_, index, value); }
    void bind(int index, bool value) { sqlite3_bind_int(statement_, index, value ? 1 : 0); }
    void bind(int index, std::string_view text) {
        auto shown = is_utf8(text) ? std::string(text) : visible(text);
        sqlite3_bind_text64(statement_, index, shown.data(), shown.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
    void bind(int index, const std::optional<Time>& time) {
        if (time)
            bind(index, format_time(*time));
        else
            sqlite3_bind_null(statement_, index);
    }
    void bind(int index, const std::span<const char>& blob) {
        sqlite3_bind_blob64(statement_, index, blob.data(), blob.size(), SQLITE_TRANSIENT);
    }

    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
};

void execute(sqlite3* database, const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw Failure{sqlite3_errmsg(database)};
}

std::span<const char> blob(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

void write_incident(sqlite3* database, const Incident& incident) {
    const Verdict& v = incident.verdict;
    Statement(database, "INSERT INTO verdict VALUES(?,?,?,?,?,?,?,?,?)")
        .run(incident.server, to_string(v.state), v.sentence, to_string(v.exposed.answer),
             to_string(v.attempted.answer), to_string(v.exploited.answer), to_string(v.shell.answer),
             to_string(v.used.answer), v.coverage);
    Statement finding(database, "INSERT INTO finding VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"),
        evidence(database, "INSERT INTO evidence VALUES(?,?,?,?)");
    for (const Finding& f : incident.findings) {
        finding.run(f.id, incident.server, f.detector, to_string(f.level), to_string(f.severity), to_string(f.question),
                    f.probability, f.time, f.raw_time, f.statement, f.address, f.page);
        for (const Ref& ref : f.evidence) evidence.run(f.id, ref.artefact.value, ref.offset, ref.size);
    }
    Statement step(database, "INSERT INTO timeline VALUES(?,?,?,?,?)");
    for (const Step& s : incident.timeline) step.run(incident.server, s.time, to_string(s.clock), s.finding, s.thread);
    Statement exposure(database, "INSERT INTO exposure VALUES(?,?,?,?,?,?)");
    for (const Exposure& e : incident.exposures)
        exposure.run(incident.server, e.cve, to_string(e.state), e.from, e.until, e.reason);
    Statement coverage(database, "INSERT INTO coverage VALUES(?,?,?,?,?,?,?,?,?)");
    for (const Coverage& c : incident.coverage)
        coverage.run(incident.server, c.family, to_string(c.question), c.from, c.until, c.days, c.days_covered,
                     c.answered, c.collect);
}

void write_all(sqlite3* database, const Case& investigated) {
    execute(
        database,
        fmt::format(
            "PRAGMA application_id={}; PRAGMA user_version={}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;",
            kApplication, kVersion));
    execute(database, kTables);
    Statement(database, "INSERT INTO state VALUES(?,?)").run(kVersion, blob(pack(investigated)));
    Statement citation(database, "INSERT INTO citation VALUES(?,?,?,?,?)");
    for (const auto& [ref, quote] : investigated.citations)
        citation.run(ref.artefact.value, ref.offset, ref.size, quote.line, blob(quote.bytes));
    const RunHeader& run = investigated.run;
    Statement(database, "INSERT INTO run VALUES(?,?,?,?,?,?,?)")
        .run(run.version, run.command_line, run.isolation, run.workers, std::optional(run.started),
             std::optional(run.finished), investigated.intel.version);
    Statement artefact(database, "INSERT INTO artefact VALUES(?,?,?,?,?,?,?)");
    for (const Artefact& a : investigated.artefacts)
        artefact.run(a.id.value, a.path, a.windows_path, a.size, a.sha256 ? to_hex(*a.sha256) : std::string(), a.parser,
                     a.layout);
    Statement damage(database, "INSERT INTO damage VALUES(?,?,?,?)");
    for (const Damage& d : investigated.damage) damage.run(d.artefact.value, to_string(d.fault), d.what, d.offset);
    for (const Incident& incident : investigated.incidents) write_incident(database, incident);
    execute(database, "COMMIT");
}

/// Nothing of the user's is replaced but a case.
bool may_replace(const std::string& path) {
    int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return errno == ENOENT;
    char head[72] = {};
    auto got = read(file, head, sizeof head);
    close(file);
    return got == 0 || (got == sizeof head && std::memcmp(head, "SQLite format 3", 16) == 0 &&
                        std::memcmp(head + 68, "Ascr", 4) == 0);
}

Database open_database(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    int status = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Database database(raw, sqlite3_close);
    if (status != SQLITE_OK) throw Failure{raw ? sqlite3_errmsg(raw) : "no memory"};
    return database;
}

/// Where a case is written before it is whole.
std::string half_of(const std::string& path) { return fmt::format("{}.{}.part", path, getpid()); }

std::unexpected<std::string> refuse_path(const std::string& path, std::string_view why) {
    return std::unexpected(fmt::format("{}: the case cannot be written: {}; give another path to -o", path, why));
}

}  // namespace

std::expected<void, std::string> can_save_case(const std::string& path) {
    if (!may_replace(path)) return refuse_path(path, "something that is no Ascribe case is there");
    auto half = half_of(path);
    int file = open(half.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return refuse_path(path, std::strerror(errno));
    close(file);
    std::remove(half.c_str());
    return {};
}

std::expected<void, std::string> save_case(const Case& investigated, const std::string& path) {
    auto refuse = [&](std::string_view why) { return refuse_path(path, why); };
    if (!may_replace(path)) return refuse("something that is no Ascribe case is there");
    auto half = half_of(path);
    std::remove(half.c_str());
    try {
        auto database = open_database(half, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        write_all(database.get(), investigated);
    } catch (const Failure& failure) {
        std::remove(half.c_str());
        return refuse(failure.why);
    }
    int file = open(half.c_str(), O_RDONLY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) close(file);
    if (!synced || std::rename(half.c_str(), path.c_str()) != 0) {
        auto why = std::string(std::strerror(errno));
        std::remove(half.c_str());
        return refuse(why);
    }
    return {};
}

std::expected<Case, std::string> load_case(const std::string& path) {
    auto refuse = [&](std::string_view why) {
        return std::unexpected(fmt::format("{}: {}; give a case file written by 'ascribe investigate -o'", path, why));
    };
    if (access(path.c_str(), R_OK) != 0) return refuse(std::strerror(errno));
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return refuse("is a folder");
    try {
        auto database = open_database(path, SQLITE_OPEN_READONLY);
        sqlite3_limit(database.get(), SQLITE_LIMIT_LENGTH, 1 << 30);
        execute(database.get(), "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA query_only=ON;");
        Statement id(database.get(), "PRAGMA application_id"), version(database.get(), "PRAGMA user_version");
        if (!id.next() || id.number(0) != kApplication) return refuse("is not an Ascribe case");
        if (!version.next() || version.number(0) != kVersion)
            return refuse(
                fmt::format("was written in case format {}, this version reads {}", version.number(0), kVersion));
        Statement state(database.get(), "SELECT bytes FROM state LIMIT 1");
        if (!state.next()) return refuse("is damaged: it holds no case");
        auto loaded = unpack(state.bytes(0));
        if (!loaded)
            return refuse(fmt::format("is damaged ({} at byte {})", loaded.error().what, loaded.error().offset));
        Statement citation(database.get(), "SELECT artefact, offset, size, line, bytes FROM citation");
        while (citation.next()) {
            Ref ref{ArtefactId{static_cast<std::uint32_t>(citation.number(0))},
                    static_cast<std::uint32_t>(citation.number(2)), static_cast<std::uint64_t>(citation.number(1))};
            loaded->citations.try_emplace(
                ref, Citation{static_cast<std::uint32_t>(citation.number(3)), std::string(citation.bytes(4)), kNoTime});
        }
        return std::move(*loaded);
    } catch (const Failure& failure) {
        return refuse(fmt::format("is damaged or not an Ascribe case ({})", failure.why));
    }
}

}  // namespace ascribe
