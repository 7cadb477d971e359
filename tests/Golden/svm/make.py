"""Makes cases.json: decision values of LIBSVM, through scikit-learn's SVC (Debian's python3-sklearn). Run: python3 make.py"""
import json
import numpy as np
from sklearn.svm import SVC

random = np.random.default_rng(2021)


def clusters(counts, values, spread, distance):
    x, y = [], []
    for label, count in enumerate(counts):
        x.append(random.normal(size=values) * distance + spread * random.normal(size=(count, values)))
        y += [label] * count
    return np.concatenate(x).round(4), np.array(y)


def case(name, x, y, kernel, strategy, c=1.0, gamma=0.0, test=None):
    test = (x[::3] + 0.1 * random.normal(size=x[::3].shape)).round(4) if test is None else test
    settings = dict(C=c, tol=1e-5, cache_size=500, decision_function_shape="ovo")
    given, asked = x, test
    if kernel == "precomputed":
        given, asked = x @ x.T, test @ x.T
    if kernel == "rbf":
        settings["gamma"] = gamma if gamma else "scale"
    classes = int(y.max()) + 1
    if strategy == "oneAgainstOne":
        machine = SVC(kernel=kernel, **settings).fit(given, y)
        decisions = machine.decision_function(asked)
        # scikit-learn turns the sign with two classes: there, positive means the second.
        decisions = -decisions[:, None] if classes == 2 else decisions
        labels = SVC(kernel=kernel, **{**settings, "decision_function_shape": "ovr", "break_ties": classes > 2}).fit(given, y).predict(asked)
    else:
        decisions = np.stack([SVC(kernel=kernel, **settings).fit(given, y == k).decision_function(asked) for k in range(classes)], 1)
        labels = decisions.argmax(1)
    return dict(name=name, kernel=kernel, strategy=strategy, c=c, gamma=gamma, x=x.tolist(), y=y.tolist(), test=test.tolist(),
                decisions=decisions.round(6).tolist(), labels=labels.tolist())


cases = []
for kernel in ("linear", "rbf", "precomputed"):
    for strategy in ("oneAgainstOne", "oneAgainstRest"):
        x, y = clusters([12, 12, 12], 4, 0.3, 2.0)
        cases.append(case(f"separable {kernel} {strategy}", x, y, kernel, strategy))
        x, y = clusters([15, 15, 15, 15], 3, 1.0, 0.5)
        cases.append(case(f"inseparable {kernel} {strategy}", x, y, kernel, strategy, c=0.7))
x, y = clusters([100, 3], 3, 1.0, 1.0)
cases.append(case("unbalanced 100 to 3", x, y, "linear", "oneAgainstOne"))
cases.append(case("unbalanced 100 to 3, rbf, large C", x, y, "rbf", "oneAgainstOne", c=100, gamma=0.5))
x, y = clusters([10, 10, 10], 2, 0.5, 1.0)
x[10:15], x[20:25] = x[0:5], x[0:5]
cases.append(case("duplicates with contradicting labels", x, y, "linear", "oneAgainstOne"))
cases.append(case("duplicates with contradicting labels, rbf", x, y, "rbf", "oneAgainstRest", gamma=1.0))
x, y = clusters([8, 8], 3, 0.5, 1.0)
x[:, 1] = 3.25
cases.append(case("one value constant", x, y, "linear", "oneAgainstOne"))
x[:] = 1.5
cases.append(case("all samples equal", x, y, "linear", "oneAgainstOne"))
x, y = clusters([20, 5, 20, 5, 9], 5, 1.0, 1.0)
cases.append(case("five classes, small C", x, y, "rbf", "oneAgainstOne", c=0.05))
json.dump(cases, open("cases.json", "w"), separators=(",", ":"))
