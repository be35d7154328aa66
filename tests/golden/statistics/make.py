"""Records what numpy, scipy and scikit-learn say on small cases, as JSON beside this file.

    python3 -m venv VENV && VENV/bin/pip install numpy scipy scikit-learn
    VENV/bin/python tests/golden/statistics/make.py
"""
import json
import pathlib
import platform

import numpy as np
import scipy
import sklearn
from scipy import sparse, stats
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import adjusted_rand_score, average_precision_score, recall_score
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import StandardScaler

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261122)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return value


def matrix(a):
    a = np.asarray(a, dtype=float)
    return {"rows": a.shape[0], "columns": a.shape[1], "data": a.ravel()}


def write(name, cases):
    made = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__}
    (here / f"{name}.json").write_text(json.dumps({"made_with": made, **plain(cases)}, separators=(",", ":")) + "\n")


# Ranks, correlations, quantiles, tests.
x = np.round(rng.normal(size=40), 1)
y = np.round(0.5 * x + rng.normal(size=40), 1)
p = rng.uniform(size=9) ** 3
p[4] = p[2]
order = np.argsort(p, kind="stable")
holm = np.empty(9)
holm[order] = np.minimum(1, np.maximum.accumulate((9 - np.arange(9)) * p[order]))
d = rng.normal(0.05, 0.4, size=23)
tost = []
for margin in (0.1, 0.3, 0.6):
    low = stats.ttest_1samp(d, -margin, alternative="greater").pvalue
    high = stats.ttest_1samp(d, margin, alternative="less").pvalue
    ci = stats.ttest_1samp(d, 0).confidence_interval(0.9)
    tost.append({"margin": margin, "p": max(low, high), "lo": ci.low, "hi": ci.high})
few = rng.normal(0.4, 0.5, size=9)
flip = stats.permutation_test((few,), np.mean, permutation_type="samples", n_resamples=np.inf)
labels = rng.integers(0, 2, 60)
scores = np.round(labels + rng.normal(size=60), 1)
write("tests", {
    "x": x, "y": y, "ranks": stats.rankdata(x), "pearson": stats.pearsonr(x, y).statistic, "spearman": stats.spearmanr(x, y).statistic,
    "shares": [0, 0.025, 0.1, 0.5, 0.77, 0.975, 1], "quantiles": np.quantile(x, [0, 0.025, 0.1, 0.5, 0.77, 0.975, 1]),
    "sd": np.std(x, ddof=1), "p": p, "holm": holm, "differences": d, "tost": tost,
    "student": [{"t": t, "df": df, "tail": stats.t.sf(t, df)} for t in (-2.5, 0, 0.3, 1.7, 6.0) for df in (1, 3, 22, 400)],
    "few": few, "sign_flip_p": flip.pvalue,
    "labels": labels, "scores": scores, "average_precision": average_precision_score(labels, scores),
    "recall": {"truth": labels, "predicted": (scores > 0.4).astype(int), "macro": recall_score(labels, scores > 0.4, average="macro")},
    "sparsity": {"h": x, "hoyer": (np.sqrt(40) - np.abs(x).sum() / np.linalg.norm(x)) / (np.sqrt(40) - 1),
                 "top": np.sort(x**2)[-4:].sum() / (x**2).sum()},
})

# Probes: fewer examples than features, more, two classes and four; test features differ from training ones.
probes = []
for n, dims, classes, c in ((40, 90, 2, 1.0), (60, 12, 2, 0.1), (50, 80, 4, 1.0), (90, 10, 4, 10.0)):
    truth = np.arange(n) % classes
    centre = rng.normal(size=(classes, dims))
    train = centre[truth] * 0.4 + rng.normal(size=(n, dims)) * rng.uniform(0.2, 5, dims) + rng.normal(size=dims) * 3
    train[:, 1] = 2.5
    test = rng.normal(size=(15, dims)) * 3
    scaler = StandardScaler().fit(train)
    a, b = scaler.transform(train), scaler.transform(test)
    fit = LogisticRegression(C=c, tol=1e-12, max_iter=100000, solver="newton-cg").fit(a, truth)
    near = NearestCentroid().fit(a, truth)
    probes.append({"penalty": 1 / c, "train": matrix(train), "labels": truth, "test": matrix(test),
                   "probabilities": fit.predict_proba(b), "predicted": fit.predict(b), "centroid": near.predict(b)})
write("probes", {"cases": probes})

# Ridge, both ways round.
ridges = []
for n, dims, alpha in ((30, 8, 2.0), (15, 40, 0.5)):
    a, t = rng.normal(size=(n, dims)) + 1, rng.normal(size=(n, 3)) - 2
    fit = Ridge(alpha=alpha, solver="cholesky").fit(a, t)
    ridges.append({"penalty": alpha, "x": matrix(a), "y": matrix(t), "weights": matrix(fit.coef_.T), "intercept": fit.intercept_})
write("ridge", {"cases": ridges})

# Spectra: a symmetric matrix with signs mixed, a rectangular sparse one, effective rank.
s = rng.normal(size=(30, 30))
s = (s + s.T) / 2
w, v = np.linalg.eigh(s)
low = rng.normal(size=(60, 6)) * (3.0 ** -np.arange(6)) @ rng.normal(size=(6, 60))
gram = low @ low.T + 1e-3 * np.eye(60)
m = sparse.random(80, 50, density=0.1, random_state=np.random.default_rng(7)).toarray()
left, singular, right = np.linalg.svd(m, full_matrices=False)
gw = np.linalg.eigvalsh(gram)[::-1]
q = gw / gw.sum()
i, j = np.nonzero(m)
write("spectra", {
    "symmetric": matrix(s), "eigenvalues": w[::-1],
    "projector3": matrix(v[:, -3:] @ v[:, -3:].T),
    "gram": matrix(gram), "gram_top": gw[:5], "effective_rank": float(np.exp(-(q * np.log(q)).sum())),
    "sparse": {"rows": 80, "columns": 50, "entries": [[int(a), int(b), float(m[a, b])] for a, b in zip(i, j)]},
    "singular": singular[:6], "right_projector": matrix(right[:6].T @ right[:6]), "left_projector": matrix(left[:, :6] @ left[:, :6].T),
})

# Bootstrap: the percentile rule on given draws.
draws = rng.gamma(2, size=500)
write("bootstrap", {"draws": draws, "interval": np.quantile(draws, [0.025, 0.975])})

# Partitions, by a generator of their own: what was recorded above stays.
own = np.random.default_rng(20261128)
cases = []
for n, k, kept in ((12, 3, 0.9), (60, 5, 0.6), (200, 8, 0.3), (200, 4, 0.0), (9, 9, 0.5)):
    one = own.integers(0, k, size=n)
    other = np.where(own.uniform(size=n) < kept, one, own.integers(0, k + 1, size=n))
    cases.append({"one": one, "other": other, "adjusted_rand": adjusted_rand_score(one, other)})
write("partitions", {"cases": cases})
