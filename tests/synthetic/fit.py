#!/usr/bin/env python3
"""Fits the weights of src/detect/behaviour/features.def on synthetic servers (servers.py) and writes them there.

fit.py PAGE_FEATURES [--seeds 1-360] [--shells 3] [--fetched 3] [--dry]

PAGE_FEATURES is build/test/tests/synthetic/page_features. Logistic regression with a quadratic penalty (ridge), by Newton's method, in plain Python:
the same seeds give the same weights on every machine. Weights are rounded to 0.01 and kept within 3 (log-odds), so that no single
feature decides. The fitted constant belongs to the share of shells among the pages fitted on; it is moved to PRIOR, which sets how
readily a page is told. Pages that were used, pages that were only fetched, and these where the log tells no sizes have weights and a PRIOR of their own.
Only seeds below 1000 are taken: those above are for measure.py.
"""
import argparse
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PENALTY = 0.5  # as if each weight had been seen to be 0 +- 1.4
LARGEST = 3.0
# The working points, not beliefs: on the servers fitted on, other pages told stay at 0.6, 0.1 and 0.1 of one a server-month.
PRIOR = {"used": 2 / 5, "fetched": 1 / 5, "unsized": 1 / 5}


def names():
    """Features with the way they may speak: +1 for a shell, -1 against."""
    text = (ROOT / "src/detect/behaviour/features.def").read_text()
    return {name: int(way) for name, way in re.findall(r"FEATURE\((\w+),\s*([-+]1),", text.split("ASCRIBE_FEATURES(FEATURE)")[1])}


def observe(page_features, folder):
    """(features, is a shell, log, page, probability, what it is judged by) of every page of the servers in `folder`."""
    truth = {}
    for line in open(folder / "truth.jsonl"):
        server = json.loads(line)
        truth[server["log"]] = {shell["page"].lower() for shell in server["shells"]}
    log = None
    printed = subprocess.run([page_features, *sorted(str(folder / name) for name in truth)], capture_output=True, text=True, check=True).stdout
    for line in printed.splitlines():
        item = json.loads(line)
        if "log" in item:
            log = pathlib.Path(item["log"]).name
            if not item["parser"]:
                sys.exit(f"no parser reads {log}")
        else:
            page = item["page"][item["page"].find("/"):]
            yield set(item["features"]), page in truth[log], log, page, item["probability"], item["by"]


def solve(matrix, vector):
    """Gauss with pivots."""
    size = len(vector)
    rows = [matrix[i][:] + [vector[i]] for i in range(size)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            if factor:
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - sum(rows[i][j] * result[j] for j in range(i + 1, size))) / rows[i][i]
    return result


def fit(samples, features, rounds=25):
    """As newton(), without the features that would speak the other way than their reason."""
    ways, left_out, weights = list(features.values()), set(), None
    while True:
        weights = newton([([i for i in seen if i not in left_out], shell) for seen, shell in samples], features, rounds, weights)
        wrong = [i for i, way in enumerate(ways) if weights[i] * way < 0 and i not in left_out]
        if not wrong:
            return [max(-LARGEST, min(LARGEST, w)) for w in weights[:-1]] + [weights[-1]]
        left_out.add(max(wrong, key=lambda i: abs(weights[i])))  # one at a time: the others may speak as they should without it
        weights = [0.0 if i in left_out else w for i, w in enumerate(weights)]


def newton(samples, features, rounds, start):
    """samples: (indices of features seen, is a shell). Returns weights, the constant last."""
    size = len(features) + 1
    weights = start or [0.0] * size
    for _ in range(rounds):
        gradient = [-PENALTY * w for w in weights[:-1]] + [0.0]
        curve = [[PENALTY if i == j and i < size - 1 else 0.0 for j in range(size)] for i in range(size)]
        for seen, shell in samples:
            indices = seen + [size - 1]
            p = 1 / (1 + math.exp(-sum(weights[i] for i in indices)))
            for i in indices:
                gradient[i] += shell - p
                for j in indices:
                    curve[i][j] += p * (1 - p)
        step = solve(curve, gradient)
        weights = [w + s for w, s in zip(weights, step)]
        if max(map(abs, step)) < 1e-4:
            break
    return weights


def folds(samples, features, shells, servers):
    """Five folds by server tell what to expect before the seeds for measuring are touched. samples: (indices, is a shell, seed)."""
    odds = []
    for fold in range(5):
        weights = fit([(seen, shell) for seen, shell, seed in samples if seed // 6 % 5 != fold], features, 12)
        odds += [(weights[-1] + sum(weights[i] for i in seen), shell) for seen, shell, seed in samples if seed // 6 % 5 == fold]
    for prior in (1 / 2, 2 / 5, 1 / 3, 1 / 4, 1 / 5, 1 / 10, 1 / 20, 1 / 50):
        moved = math.log(prior / (1 - prior)) - math.log(shells / (len(samples) - shells))
        found = sum(shell for odd, shell in odds if odd + moved >= 0)
        false = sum(1 - shell for odd, shell in odds if odd + moved >= 0)
        print(f"  five folds, prior {prior:.2f}: {found} of {shells} shells ({100 * found / shells:.1f} %), {false} other pages on {servers} servers ({false / servers:.2f} a month)")


def learn(kind, samples, features, servers):
    """The weights and the constant of pages of one kind."""
    shells = sum(shell for _, shell, _ in samples)
    print(f"{kind}: {len(samples)} pages, {shells} of them shells")
    folds(samples, features, shells, servers)
    weights = fit([(seen, shell) for seen, shell, _ in samples], features)
    for i, (name, weight) in sorted(enumerate(zip(features, weights)), key=lambda item: -item[1][1]):
        print(f"  {name:18} {weight:+.2f}  seen on {sum(i in seen for seen, *_ in samples)} pages, {sum(i in seen and shell for seen, shell, _ in samples)} shells")
    shift = math.log(PRIOR[kind] / (1 - PRIOR[kind])) - math.log(shells / (len(samples) - shells))
    print(f"  constant {weights[-1]:+.2f}, moved by {shift:+.2f}")
    return weights[:-1], weights[-1] + shift


def write(learnt, features):
    path = ROOT / "src/detect/behaviour/features.def"
    text = path.read_text()
    for i, name in enumerate(features):
        weights = ", ".join(f"{learnt[kind][0][i]:.2f}" for kind in PRIOR)
        text = re.sub(rf"(FEATURE\({name},\s*[-+]1, )[-+\d.]+, [-+\d.]+, [-+\d.]+,", lambda m: f"{m.group(1)}{weights},", text)
    for kind in learnt:
        text = re.sub(rf"(#define ASCRIBE_{kind.upper()}_LOG_ODDS )\S+", rf"\g<1>{learnt[kind][1]:.2f}", text)
    path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page_features")
    parser.add_argument("--seeds", default="1-360")
    parser.add_argument("--shells", default="3")
    parser.add_argument("--fetched", default="3", help="shells that are only fetched, on each server")
    parser.add_argument("--format", default="iis,iis-default")
    parser.add_argument("--dry", action="store_true", help="print, and leave features.def alone")
    options = parser.parse_args()
    if int(options.seeds.split("-")[1]) >= 1000:
        sys.exit("seeds from 1000 on are for measuring")
    features = names()  # in the order of the file
    index = {name: i for i, name in enumerate(features)}
    samples = {kind: [] for kind in PRIOR}
    servers = {kind: set() for kind in PRIOR}
    for form in options.format.split(","):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, ROOT / "tests/synthetic/servers.py", folder, "--seeds", options.seeds, "--shells", options.shells, "--fetched", options.fetched, "--format", form], check=True)
            for seen, shell, log, _, _, by in observe(options.page_features, pathlib.Path(folder)):
                if (form == "iis-default") != (by == "unsized"):
                    continue  # known from the same server's other log
                samples[by].append((sorted(index[name] for name in seen), int(shell), int(log[:5])))
                servers[by].add((form, log))
    learnt = {kind: learn(kind, pages, features, len(servers[kind])) for kind, pages in samples.items()}
    if not options.dry:
        write(learnt, features)


if __name__ == "__main__":
    main()
