// What travels between processes, the model's file, the prefilter: each on its own.
#include <fmt/format.h>

#include <algorithm>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "shells/judge/features.hpp"
#include "shells/judge/judge.hpp"
#include "shells/judge/model.hpp"
#include "shells/prefilter.hpp"
#include "shells/saved.hpp"
#include "support.hpp"

namespace ascribe::shells::test {
namespace {

Analysis sample() {
    Analysis analysis;
    analysis.verdict = Verdict::malicious;
    analysis.probability = 0.97;
    analysis.platform = Platform::php;
    analysis.layers.push_back({.from = {}, .how = "", .language = Language::php, .text = "outer", .size = 5});
    analysis.layers.push_back(
        {.from = {0, {1, 3}}, .how = "strrev", .language = Language::php, .text = "inner", .size = 5});
    Flow flow;
    flow.capability = Capability::command;
    flow.origin = Origin::cookie;
    flow.source = "$_COOKIE";
    flow.sink = "system";
    flow.concealed = flow.whole = true;
    flow.trail.push_back({{1, {2, 2}}, "strrev"});
    analysis.flows.push_back(flow);
    analysis.reasons.push_back({"flow.command.visitor", "a sentence", 2.5, Place{1, {0, 4}}});
    analysis.capabilities = {Capability::command, Capability::inform};
    analysis.password = "word";
    analysis.limits = {"steps"};
    return analysis;
}

std::string saved(const Analysis& analysis, Detail detail) {
    Writer out;
    save(analysis, detail, out);
    return out.take();
}

TEST(Saved, ComesBackAsItWent) {
    auto bytes = saved(sample(), Detail::explanation);
    Reader in(as_bytes(bytes));
    auto back = load(in);
    ASSERT_TRUE(back);
    EXPECT_EQ(in.left(), 0u);
    EXPECT_EQ(saved(*back, Detail::explanation), bytes);
    EXPECT_EQ(back->layers[1].text, "inner");
    EXPECT_TRUE(back->flows[0].concealed && back->flows[0].whole && !back->flows[0].guarded);
    auto listing = saved(sample(), Detail::listing);
    Reader again(as_bytes(listing));
    auto short_form = load(again);
    ASSERT_TRUE(short_form);
    EXPECT_TRUE(short_form->layers[1].text.empty());
    EXPECT_EQ(short_form->layers[1].size, 5u);
}

TEST(Saved, HostileBytesAreRefusedOrRead) {
    auto bytes = saved(sample(), Detail::explanation);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto cut = std::string_view(bytes).substr(0, i);
        Reader in(as_bytes(cut));
        EXPECT_FALSE(load(in)) << i;
        auto spoilt = bytes;
        spoilt[i] = static_cast<char>(spoilt[i] ^ 0xFF);
        Reader other(as_bytes(spoilt));
        if (auto read = load(other)) {
            EXPECT_LE(read->flows.size(), kListed);
        }
    }
}

constexpr std::string_view kModel =
    "# a "
    "comment\nfeature\tcan.code\nfeature\tlayers.depth\nbias\t-4\nthreshold\tphp\t0\t-2\nknot\t-4\t0.01\nknot\t4\t0."
    "99\n"
    "tree\nnode\t0\t0.5\t1\t2\t0.5\nnode\t-1\t0\t0\t0\t-1\nnode\t1\t0.5\t3\t4\t3\nnode\t-1\t0\t0\t0\t2\nnode\t-"
    "1\t0\t0\t0\t6\n";

TEST(Model, SharesAndBiasAddUp) {
    auto model = Model::read(kModel);
    ASSERT_TRUE(model) << model.error();
    std::vector<Feature> features = {{"can.code", 1, {}}, {"layers.depth", 2, {}}};
    auto score = model->score(features);
    EXPECT_DOUBLE_EQ(score.raw, 2);  // bias -4, and the leaf 6
    double sum = model->bias();
    for (const Share& share : score.shares) sum += share.weight;
    EXPECT_DOUBLE_EQ(sum, score.raw);
    EXPECT_DOUBLE_EQ(score.probability, 0.01 + 6.0 / 8 * 0.98);
    EXPECT_DOUBLE_EQ(model->score({}).raw, -5);
    EXPECT_DOUBLE_EQ(model->thresholds(Platform::php).suspicious, -2);
}

TEST(Model, FilesThatMakeNoSenseAreRefused) {
    for (std::string_view text :
         {"feature", "bias\tx", "tree\n", "node\t-1\t0\t0\t0\t1", "tree\nnode\t0\t0\t1\t2\t0",
          "knot\t1\t0.5\nknot\t1\t0.6", "feature\ta\ntree\nnode\t0\t0\t0\t1\t0\nnode\t-1\t0\t0\t0\t1",
          "feature\ta\ntree\nnode\t0\t0\t1\t2\t0"})
        EXPECT_FALSE(Model::read(text)) << text;
}

TEST(Model, TheOneCompiledInIsWhole) {
    const Model& model = builtin_model();
    EXPECT_GT(model.features().size(), 20u);
    EXPECT_TRUE(std::ranges::is_sorted(model.features()));
    for (auto platform : {Platform::php, Platform::asp, Platform::aspnet, Platform::jsp, Platform::cfml, Platform::perl,
                          Platform::python})
        EXPECT_LT(model.thresholds(platform).malicious, 100) << to_string(platform);
}

TEST(Prefilter, WhateverIsFoundPasses) {
    for (const OneLiner& one : one_liners()) {
        EXPECT_TRUE(may_matter(one.path(), one.text)) << one.language << ": " << one.what;
        if (examine(one.path(), one.text, Depth::all).verdict != Verdict::benign) {
            EXPECT_TRUE(may_matter(one.path(), one.text));
        }
    }
}

TEST(Prefilter, WhatHoldsNoScriptIsPassedOver) {
    for (std::string_view text : {"", "a", "body { color: black }", "<?xml version=\"1.0\"?><a/>", "GIF89a\x01\x02",
                                  "<?php echo 1; ?>", "<?php class A { public $b = 'c'; }"})
        EXPECT_FALSE(may_matter("x.php", text)) << text;
}

TEST(Prefilter, EncodingsPass) {
    std::string page = "<% eval request(\"a\") %>", wide;
    for (char c : page) wide += std::string(1, c) + '\0';
    EXPECT_TRUE(may_matter("x.asp", wide));
    EXPECT_TRUE(may_matter("x.asp", "+ADwAJQ-"));
}

/// Packing alone is odd, not harmful: what was unpacked in full speaks for itself.
TEST(Judge, PackedAndHarmlessIsNoShell) {
    auto packed = examine("a.php", "<?php eval(base64_decode(\"ZWNobyBkYXRlKCJZIik7IGVjaG8gIjEiOw==\")); ?>");
    EXPECT_EQ(packed.verdict, Verdict::suspicious);
    EXPECT_EQ(packed.layers.size(), 2u);
}

/// A file that no server runs may quote a page.
TEST(Judge, SourcesOfProgramsAreNoPages) {
    for (const OneLiner& one : one_liners()) {
        if (one.language != "php") continue;
        EXPECT_NE(examine("page.md", one.text).verdict, Verdict::malicious) << one.what;
    }
}

/// What is compiled, and what translates or documents a program, is run under its name by no server.
TEST(Judge, CompiledFilesAreNoPages) {
    for (std::string_view name : {"a.pyc", "a.so", "a.exe", "A.DLL", "a.mo", "a.po", "a.pod"}) {
        EXPECT_TRUE(is_no_page(name)) << name;
        for (const OneLiner& one : one_liners())
            EXPECT_NE(examine(name, one.text).verdict, Verdict::malicious) << name << ": " << one.what;
    }
    for (std::string_view name : {"a.php", "a.cgi", "a.py", "soap.asmx", "a"}) EXPECT_FALSE(is_no_page(name)) << name;
}

/// A program that the system runs by itself holds bytes that would be quotes or marks of a script.
TEST(Judge, ProgramsAreNoScripts) {
    std::string program(
        "\x7F"
        "ELF\0\x01`$ENV{QUERY_STRING}`\0 <?=`$_GET[0]`",
        48);
    EXPECT_EQ(examine("status.cgi", program).verdict, Verdict::benign);
}

/// The lists hold hardly any clean Python: of a long one only what settles it counts.
TEST(Judge, LongPythonIsNotCondemnedByItsScore) {
    std::string shell =
        "import os, subprocess, socket\nos.environ['HTTP_X']\n"
        "subprocess.call(['/bin/sh', '-i'])\nos.system(line)\nos.popen(line)\n";
    auto driven = shell + "import cgi\nform = cgi.FieldStorage()\nif x == 'y': os.system(form.getvalue('c'))\n";
    std::string filler(17 << 10, '#');
    EXPECT_NE(examine("a.py", shell + filler + "\n").verdict, Verdict::malicious);
    EXPECT_EQ(examine("a.py", driven + filler + "\n").verdict, Verdict::malicious);
}

/// The answer to a form goes to whom its sender says: a ground only where he says what it tells, too.
TEST(Judge, AnAnswerToAFormIsNoGround) {
    auto has_ground = [](std::string_view body) {
        auto page =
            "<% Set m = Server.CreateObject(\"CDONTS.NewMail\")\nm.From = \"shop@example.org\"\n"
            "m.To = Request.Form(\"email\")\nm.Body = \"Thank you\"\n" +
            std::string(body) + " %>";
        auto features = features_of(examine("thanks.asp", page, Depth::all));
        return std::ranges::find(features, "ground", &Feature::name) != features.end();
    };
    EXPECT_FALSE(has_ground("m.Send"));
    EXPECT_TRUE(has_ground("m.Send Request.Form(\"from\"), Request.Form(\"to\"), Request.Form(\"text\")"));
}

/// Short scripts score high whoever wrote them: what a check or a log-in stands before, or only a database or the page
/// itself says, is no ground by itself.
TEST(Judge, CheckedAndGuardedScriptsAreNotCondemnedByTheirScore) {
    for (std::string_view text :
         {"<?php session_start(); if (empty($_SESSION['user'])) { header('Location: login.php'); exit; }\n"
          "$f = basename($_GET['file']); $p = '/srv/docs/' . $f; if (!is_file($p)) exit('No such file');\n"
          "readfile($p);",
          "<?php $l = $_COOKIE['lang'] ?? 'en'; if (!in_array($l, ['en', 'de'])) $l = 'en'; "
          "include __DIR__ . \"/lang/$l.php\";",
          "<?php $e = $_POST['expr'] ?? ''; if (!preg_match('~^[0-9+*/(). -]+$~', $e)) exit('bad'); "
          "eval(\"\\$r = $e;\"); echo $r;",
          "<?php $u = $_GET['url']; if (!in_array(parse_url($u, PHP_URL_HOST), ['api.example.org'], true)) exit; "
          "$c = curl_init($u); curl_setopt($c, CURLOPT_RETURNTRANSFER, true); echo curl_exec($c);",
          "<?php foreach ($db->query('SELECT * FROM queue') as $m) { mail($m['to'], $m['subject'], $m['body']); }"})
        EXPECT_NE(examine("a.php", text).verdict, Verdict::malicious) << text;
}

TEST(Judge, ByteChancesOfAPictureNamedAsAPageAreNoMarks) {
    std::string picture("\xFF\xD8\xFF\xE0\0\x10JFIF\0", 11);
    for (int i = 0; i < 400; ++i) picture += i % 40 == 0 ? "<?`\x80\x01`;" : "\x07\x9C\xF1\x13";
    EXPECT_EQ(examine("photo.php", picture, Depth::filtered).verdict, Verdict::benign);
    EXPECT_NE(examine("photo.php", picture + "<?php @eval($_POST['x']);", Depth::filtered).verdict, Verdict::benign);
}

TEST(Judge, WhatStandsBeforeAPathTellsWhoseItIs) {
    EXPECT_EQ(examine("a.php", "<?php @include($_REQUEST['e'] . '.php');").verdict, Verdict::malicious);
    EXPECT_NE(examine("a.php", "<?php @include('pages/' . $_REQUEST['e'] . '.php');").verdict, Verdict::malicious);
}

TEST(Judge, ReasonsSayWhatTheyAdd) {
    for (const OneLiner& one : one_liners()) {
        auto analysis = examine(one.path(), one.text);
        if (analysis.verdict != Verdict::malicious) continue;
        ASSERT_FALSE(analysis.reasons.empty());
        EXPECT_GT(analysis.reasons.front().weight, 0) << one.what;
        for (const Reason& reason : analysis.reasons) {
            EXPECT_FALSE(reason.sentence.empty()) << reason.name;
            if (reason.place) {
                EXPECT_LT(reason.place->layer, analysis.layers.size());
            }
        }
    }
}

}  // namespace
}  // namespace ascribe::shells::test
