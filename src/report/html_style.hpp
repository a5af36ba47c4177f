// The report's style sheet. The page allows exactly this text, by its hash.
#pragma once

#include <string_view>

namespace ascribe {

inline constexpr std::string_view kStyle = R"css(
:root{--ink:#1c2026;--soft:#5d6673;--line:#d8dde3;--ground:#fff;--panel:#f5f7f9;--bad:#a51d2d;--warn:#8a5a00;--good:#1a6b3c;--open:#5b4a9e;--link:#1a4f8b}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa5b1;--line:#3a424c;--ground:#15191e;--panel:#1e242b;--bad:#ff8a8a;--warn:#f0bc5e;--good:#7fd6a0;--open:#b9a9f5;--link:#8fc1ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI","Noto Sans",sans-serif}
main{max-width:1060px;margin:0 auto;padding:32px 24px 64px}
section{margin:0 0 36px}
h1{font-size:28px;line-height:1.25;margin:4px 0 14px;text-wrap:balance}
h2{font-size:19px;margin:0 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:16px;margin:0 0 4px}
p{margin:0 0 8px;max-width:74ch}
a{color:var(--link)}
code,pre,.time,.hash,.ref{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:13px}
.verdict{border-left:8px solid var(--soft);background:var(--panel);padding:20px 24px;border-radius:0 6px 6px 0}
.verdict.compromised{border-color:var(--bad)}.verdict.compromised h1{color:var(--bad)}
.verdict.attempted{border-color:var(--warn)}.verdict.attempted h1{color:var(--warn)}
.verdict.no_evidence{border-color:var(--good)}.verdict.no_evidence h1{color:var(--good)}
.verdict.insufficient_evidence{border-color:var(--open)}.verdict.insufficient_evidence h1{color:var(--open)}
.server,.note,.facts,small{color:var(--soft);font-size:14px}
table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);padding:4px 10px 4px 0}
td{vertical-align:top;border-bottom:1px solid var(--line);padding:6px 10px 6px 0;overflow-wrap:anywhere}
td.time{white-space:nowrap}td.number{text-align:right;font-variant-numeric:tabular-nums}td.hash{font-size:11px}
.answer{font-weight:600;white-space:nowrap}.answer.yes,.success,.vulnerable{color:var(--bad)}.answer.no,.fixed{color:var(--good)}.answer.unknown,.cannot_tell{color:var(--open)}.attempt,.mitigated{color:var(--warn)}
article{border:1px solid var(--line);border-radius:6px;padding:14px 16px;margin:0 0 14px}
pre{background:var(--panel);border-radius:4px;padding:8px 10px;margin:2px 0 10px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.4}
.ref{color:var(--soft);margin:8px 0 0;max-width:none;overflow-wrap:anywhere}
ol{margin:0;padding-left:22px}li{margin:3px 0;max-width:74ch}
svg{width:100%;height:auto;margin:6px 0;display:block}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .name{text-anchor:end}svg .day{fill:var(--soft);font-size:12px}
svg .ground{fill:var(--panel)}svg .exposed{fill:var(--bad)}svg .covered{fill:var(--good)}svg .missing{fill:url(#gap);stroke:var(--soft);stroke-width:.7}svg .hatch{fill:var(--soft)}
svg .band{fill:var(--panel)}svg .rung{fill:var(--open)}svg .rung.other{fill:var(--soft)}
td.pro2{color:var(--good);font-weight:600}td.pro{color:var(--good)}td.con{color:var(--bad)}td.con2{color:var(--bad);font-weight:600}td.neutral{color:var(--soft)}
svg .rail{stroke:var(--line)}svg .step{fill:var(--bad);stroke:var(--ground)}
@media print{body{font-size:11pt}main{max-width:none;padding:0}section,article{break-inside:auto}h2,h3{break-after:avoid}tr{break-inside:avoid}a{color:inherit;text-decoration:none}}
)css";

}  // namespace ascribe
