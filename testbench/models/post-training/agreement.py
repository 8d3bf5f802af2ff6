# SPDX-License-Identifier: Apache-2.0
"""Quantizes the float networks of MLPerf Tiny without labels, and compares what comes out with the float
network, beside the int8 files that TensorFlow Lite made of the same networks.

    python agreement.py MODELS WORK [ETCH [NETWORK ...]]

MODELS has the folders float, mlperf-tiny and cifar10; WORK gets data and results; ETCH is the launcher. Needs
NumPy and Pillow. All numbers come from Etch's reference, which equals TensorFlow Lite's kernels on the int8 files.

Where there are too few inputs of a network, 200 for calibration and 200 others for the comparison are made of those
that there are: keywords are moved by up to 5 time steps and get noise, frames of the autoencoder are mixed, and the
person detector sees CIFAR-10's images at three times their size.
"""

import io
import pathlib
import subprocess
import sys
import zipfile

import numpy as np
from PIL import Image

COUNT = 200


def images(archive, count, seed):
    """Images of all classes, [count, 32, 32, 3] from 0 to 255."""
    with zipfile.ZipFile(archive) as zipped:
        names = sorted(n for n in zipped.namelist() if n.endswith(".jpg"))
        chosen = np.random.default_rng(seed).choice(len(names), count, replace=False)
        return np.array([np.asarray(Image.open(io.BytesIO(zipped.read(names[i])))) for i in chosen], np.float32)


def given(models, pattern, shape, scale, zero):
    """The published inputs of an int8 network as real numbers."""
    files = sorted((models / "mlperf-tiny" / "inputs").glob(pattern))
    return np.array([(np.fromfile(f, np.int8).astype(np.float32) - zero) * scale for f in files]).reshape(-1, *shape)


def resnet8(models, seed):
    return images(models / "cifar10" / ("train.zip" if seed == 1 else "test.zip"), COUNT, seed)


def person(models, seed):
    return np.repeat(np.repeat(resnet8(models, seed), 3, 1), 3, 2) / np.float32(255)


def keywords(models, seed):
    known = given(models, "kws_*.int8", (49, 10, 1), 0.5847029, 83)
    random = np.random.default_rng(seed)
    moved = [np.roll(known[i % len(known)], random.integers(-5, 6), 0) for i in range(COUNT)]
    return np.array(moved + random.normal(0, 1, np.shape(moved)), np.float32)


def machines(models, seed):
    known = given(models, "ad_*.int8", (640,), 0.39101523, 89)
    parts = np.random.default_rng(seed).dirichlet(np.ones(len(known)), COUNT)
    return np.float32(parts @ known + np.random.default_rng(seed).normal(0, 1, (COUNT, 640)))


# Name, inputs, and the scales and zero points of the int8 file's input and output.
NETWORKS = [
    ("ic_resnet8", resnet8, (1, -128), (1 / 256, -128)),
    ("kws_dscnn", keywords, (0.5847029089927673, 83), (1 / 256, -128)),
    ("vww_mobilenetv1", person, (0.003921568859368563, -128), (1 / 256, -128)),
    ("ad_autoencoder", machines, (0.3910152316093445, 89), (0.36449846625328064, 96)),
]


def run(etch, model, frames, dtype, work):
    frames.tofile(work / "frames.bin")
    etch_(etch, "run", model, "--input", work / "frames.bin", "--output", work / "results.bin")
    return np.fromfile(work / "results.bin", dtype).reshape(len(frames), -1)


def etch_(etch, *arguments):
    result = subprocess.run([etch, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return result.stdout


def compared(name, results, expected):
    error = np.sqrt(np.mean((results - expected) ** 2))
    if name == "ad_autoencoder":
        return "error %.3f of %.1f (root mean squares)" % (error, np.sqrt(np.mean(expected**2)))
    same = (results.argmax(1) == expected.argmax(1)).sum()
    return "same class %d of %d, error of probabilities %.4f" % (same, len(expected), error)


def main():
    models, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    etch = sys.argv[3] if len(sys.argv) > 3 else "./etch"
    work.mkdir(parents=True, exist_ok=True)
    for name, inputs, (scale, zero), (out_scale, out_zero) in NETWORKS:
        if sys.argv[4:] and name not in sys.argv[4:]:
            continue
        np.save(work / (name + ".npy"), inputs(models, 1))
        frames = inputs(models, 2)
        model = models / "float" / (name + "_float.tflite")
        expected = run(etch, model, frames, np.float32, work)
        integers = np.clip(np.rint(frames / np.float32(scale)) + zero, -128, 127).astype(np.int8)
        stored = run(etch, models / "mlperf-tiny" / (name + "_int8.tflite"), integers, np.int8, work)
        tflite = (stored.astype(np.float32) - out_zero) * out_scale
        print("%-16s TensorFlow Lite's int8:    %s" % (name, compared(name, tflite, expected)), flush=True)
        for percentile in ("100", "99.99"):
            output = work / ("%s-%s.etch" % (name, percentile))
            etch_(
                etch, "compress", model, "--data", work / (name + ".npy"), "--preset", "quantize", "--per-channel",
                "--calibration", COUNT, "--percentile", percentile, "--normalize", "1,0", "-o", output)
            own = run(etch, output, frames, np.float32, work)
            print("%-16s Etch, percentile %-6s:    %s" % (name, percentile, compared(name, own, expected)), flush=True)


main()
