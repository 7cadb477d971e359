"""The peer process of the benchmarks: reads requests from standard input and answers with the run time in seconds.

A request is a line of JSON: {"work": name, ...}. One-time preparation (reading inputs, building networks) happens at the first request and
is not timed. Needs Debian's python3-torch, python3-torchaudio, python3-sklearn, python3-numpy and libopenblas0-pthread. Without OpenBLAS
their matrix products run ten times slower in the reference BLAS, and the comparison would be meaningless.
"""
import json
import sys
import time

import numpy as np

cache = {}


def timed(action):
    start = time.perf_counter()
    value = action()
    return time.perf_counter() - start, value


def once(key, make):
    if key not in cache:
        cache[key] = make()
    return cache[key]


def torch_with(threads):
    import torch
    torch.set_num_threads(threads)
    return torch


def versions(_):
    import glob
    import os
    import platform
    blas = os.path.realpath((glob.glob("/etc/alternatives/libblas.so.3*") or ["unknown"])[0])
    if "openblas" not in blas:
        raise RuntimeError(f"the peers would be slow with the BLAS {blas}: apt-get install libopenblas0-pthread")
    import sklearn
    import torch
    import torchaudio
    return 0.0, {
        "python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__,
        "torch": torch.__version__, "torchaudio": torchaudio.__version__, "BLAS": blas}


def torchaudio_mfcc(r):
    """39 coefficients (13 MFCC of the Kaldi-compliant front end, deltas, delta-deltas) of a whole file, read in chunks of one minute."""
    torch = torch_with(r["threads"])
    import torchaudio
    from torchaudio.compliance.kaldi import mfcc

    def run():
        total, frames, rate = 0.0, 0, r["rate"]
        chunk = 60 * rate
        length = r["samples"]
        for start in range(0, length, chunk):
            count = min(chunk, length - start)
            audio = np.fromfile(r["file"], dtype=np.int16, count=count, offset=44 + 2 * start).astype(np.float32)
            features = mfcc(
                torch.from_numpy(audio)[None], sample_frequency=rate, frame_length=30, frame_shift=15, num_mel_bins=29, num_ceps=13,
                dither=0.0, high_freq=0)
            deltas = torchaudio.functional.compute_deltas(features.T)
            delta_deltas = torchaudio.functional.compute_deltas(deltas)
            total += float(features.sum() + deltas.sum() + delta_deltas.sum())
            frames += features.shape[0]
        return frames

    return timed(run)


def frames_of(r):
    return once(("frames", r["file"]), lambda: np.fromfile(r["file"], dtype=np.float32).reshape(-1, 39))


def sklearn_em(r):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    import warnings
    warnings.simplefilter("ignore", ConvergenceWarning)
    x, k = frames_of(r), r["components"]
    means = once(("means", r["file"], k), lambda: x[np.random.default_rng(1).choice(len(x), k, replace=False)])
    mixture = GaussianMixture(
        k, covariance_type="diag", max_iter=1, tol=0, means_init=means, weights_init=np.full(k, 1 / k), precisions_init=np.ones((k, 39)))
    # fit() with one iteration would run an initialisation, an E step, an M step and another E step: only one E and one M step are timed.
    mixture._initialize_parameters = lambda *_: None
    mixture.weights_, mixture.means_ = np.full(k, 1 / k), means.astype(float)
    mixture.covariances_ = np.ones((k, 39))
    mixture.precisions_cholesky_ = np.ones((k, 39))

    def run():
        log_prob_norm, log_resp = mixture._e_step(x)
        mixture._m_step(x, log_resp)
        return float(log_prob_norm)

    return timed(run)


def numpy_em(r):
    x, k = frames_of(r), r["components"]
    means = once(("means", r["file"], k), lambda: x[np.random.default_rng(1).choice(len(x), k, replace=False)])

    def run():
        precision = np.ones((k, 39), np.float32)
        offset = (np.log(np.float32(1 / k)) - 0.5 * (39 * np.log(2 * np.pi) + (means ** 2 * precision).sum(1))).astype(np.float32)
        zeroth, first, second, likelihood = np.zeros(k), np.zeros((k, 39)), np.zeros((k, 39)), 0.0
        for start in range(0, len(x), 8192):
            chunk = x[start:start + 8192]
            squared = chunk * chunk
            log = chunk @ (means * precision).T - 0.5 * (squared @ precision.T) + offset
            top = log.max(1, keepdims=True)
            np.exp(log - top, out=log)
            total = log.sum(1, keepdims=True)
            likelihood += float((np.log(total) + top).sum(dtype=np.float64))
            log /= total
            zeroth += log.sum(0, dtype=np.float64)
            first += log.T @ chunk
            second += log.T @ squared
        return likelihood / len(x)

    return timed(run)


def numpy_map(r):
    """MAP-adapted means of utterances of 200 frames with relevance factor 10, stacked to supervectors."""
    x, k = frames_of(r), r["components"]
    utterances = r["utterances"]
    means = once(("means", r["file"], k), lambda: x[np.random.default_rng(1).choice(len(x), k, replace=False)])

    def run():
        precision = np.ones((k, 39), np.float32)
        offset = (np.log(np.float32(1 / k)) - 0.5 * (39 * np.log(2 * np.pi) + (means ** 2 * precision).sum(1))).astype(np.float32)
        out = np.empty((utterances, k * 39), np.float32)
        for u in range(utterances):
            chunk = x[200 * u:200 * (u + 1)]
            log = chunk @ (means * precision).T - 0.5 * ((chunk * chunk) @ precision.T) + offset
            log -= log.max(1, keepdims=True)
            np.exp(log, out=log)
            log /= log.sum(1, keepdims=True)
            n = log.sum(0)[:, None]
            out[u] = ((log.T @ chunk + 10 * means) / (n + 10)).ravel()
        return out.shape[0]

    return timed(run)


def torch_bilstm(r):
    """Forward and backward of the two bidirectional layers over (batch, 64, 39)."""
    torch = torch_with(r["threads"])
    from torch import nn
    units = r["units"]

    def make():
        torch.manual_seed(1)
        first = nn.LSTM(39, units[0], batch_first=True, bidirectional=True)
        second = nn.LSTM(2 * units[0], units[1], batch_first=True, bidirectional=True)
        return first, second, torch.randn(r["batch"], 64, 39)

    first, second, x = once(("bilstm", r["batch"], tuple(units)), make)

    def run():
        for _ in range(r["steps"]):
            for p in list(first.parameters()) + list(second.parameters()):
                p.grad = None
            outputs, _ = first(x)
            outputs, _ = second(outputs)
            outputs.mean().backward()
        return float(outputs.mean())

    return timed(run)


def torch_step(r):
    """Training steps of the library's network: DNN + Bi-LSTM, attention, three losses, Adam."""
    torch = torch_with(r["threads"])
    from torch import nn
    o = r["network"]

    class Spatial(nn.Module):
        def __init__(self):
            super().__init__()
            layers = []
            for i in range(3):
                inputs = o["supervector"] if i == 0 else o["embedding"]
                layers += [
                    nn.Linear(inputs, o["embedding"]), nn.ReLU(), nn.BatchNorm1d(o["embedding"]), nn.Dropout(o["dropout"])]
            self.layers = nn.Sequential(*layers)

        def forward(self, x):
            return self.layers(x)

    class Temporal(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.LSTM(39, o["units"][0], batch_first=True, bidirectional=True)
            self.second = nn.LSTM(2 * o["units"][0], o["units"][1], batch_first=True, bidirectional=True)
            self.linear = nn.Linear(64 * 2 * o["units"][1], o["embedding"])
            self.dropout = nn.Dropout(o["dropout"])

        def forward(self, x):
            outputs, _ = self.first(x)
            outputs, _ = self.second(outputs)
            return self.dropout(torch.relu(self.linear(outputs.flatten(1))))

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(1, 16, 3, padding=1)
            self.second = nn.Conv2d(16, 32, 5, padding=2)
            self.linear = nn.Linear(64, 2)

        def forward(self, a, b):
            maps = torch.stack([a, b], 2).unsqueeze(1)
            maps = torch.nn.functional.avg_pool2d(torch.relu(self.first(maps)), [16, 1])
            maps = torch.relu(self.second(maps)).mean(2)
            weights = torch.sigmoid(self.linear(maps.flatten(1)))
            return a * weights[:, :1] + b * weights[:, 1:]

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            e, c = o["embedding"], o["classes"]
            self.spatial, self.temporal, self.attention = Spatial(), Temporal(), Attention()
            layers, inputs = [], e
            for width in o["back"]:
                layers += [nn.Linear(inputs, width), nn.ReLU(), nn.BatchNorm1d(width)]
                inputs = width
            self.back_end = nn.Sequential(*layers, nn.Linear(inputs, c))
            self.spatial_head, self.temporal_head = nn.Linear(e, c), nn.Linear(e, c)

        def forward(self, s, t):
            a, b = self.spatial(s), self.temporal(t)
            return self.spatial_head(a), self.temporal_head(b), self.back_end(self.attention(a, b))

    def make():
        torch.manual_seed(1)
        network = Network()
        network.train()
        supervectors, segments = torch.randn(128, o["supervector"]), torch.randn(128, 64, 39)
        labels = torch.randint(0, o["classes"], (128,))
        return network, torch.optim.Adam(network.parameters()), supervectors, segments, labels

    network, adam, s, t, y = once(("step",), make)
    cross_entropy = nn.CrossEntropyLoss()

    def run():
        for _ in range(r["steps"]):
            spatial, temporal, deep = network(s, t)
            loss = 0.25 * cross_entropy(spatial, y) + 0.5 * cross_entropy(temporal, y) + 0.25 * cross_entropy(deep, y)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
        return sum(p.numel() for p in network.parameters())

    return timed(run)


def sklearn_svc(r):
    from sklearn.svm import SVC
    x = once(("svc", r["file"]), lambda: np.fromfile(r["file"], dtype=np.float32).reshape(-1, r["width"]))
    y = np.arange(len(x)) % 45
    gram = once(("gram", r["file"]), lambda: (x @ x.T).astype(np.float64))
    return timed(lambda: SVC(kernel="precomputed", C=1.0).fit(gram, y).n_support_.sum().item())


for line in sys.stdin:
    request = json.loads(line)
    try:
        seconds, value = globals()[request["work"]](request)
        print(json.dumps({"seconds": seconds, "value": value}), flush=True)
    except Exception as error:  # reported to the caller, which decides what to do
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
