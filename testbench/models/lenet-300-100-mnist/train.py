#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Train LeNet-300-100 on MNIST; prune it, cluster its weights and write it as int8 ONNX.

1. train the dense network with Adam;
2. prune it by magnitude to the densities of Deep Compression's table 4 (Han et al., ICLR 2016),
   gradually, and fine-tune what is left;
3. cluster the nonzero weights of each layer by k-means into 31 values (a zero is the 32nd), and
   fine-tune the values: the gradient of a value is the sum of those of its weights;
4. write the network as QDQ ONNX with int8 weights and uint8 activations, and measure both. Scales of weights
   are such that every output is a sum shifted right: no layer needs a multiplier to rescale.

Test images are used to measure only; nothing is selected by them.
"""
import argparse
import gzip
import json
import struct
import time
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

# name -> (inputs, outputs, part of the weights that is kept)
LAYERS = {"fc1": (784, 300, 0.08), "fc2": (300, 100, 0.09), "fc3": (100, 10, 0.26)}
NAMES = list(LAYERS)
BATCH = 100
LEARNING_RATE = 1e-3
VALUES = 31  # of nonzero weights of a layer
CALIBRATION = 10_000  # training images
DATA = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def read_idx(path):
    """Read a gzip-compressed IDX file of unsigned bytes into a numpy array."""
    data = gzip.decompress(path.read_bytes())
    if data[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4:4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


# ------------------------------------------------------------------- network

def forward(params, x):
    """Inputs of all layers, and the logits."""
    inputs = []
    for name in NAMES:
        inputs.append(x)
        weight, bias = params[name]
        x = x @ weight + bias
        if name != NAMES[-1]:
            x = np.maximum(x, 0)
    return inputs, x


def gradients(params, x, y):
    """Gradients of the mean cross entropy of a batch."""
    inputs, logits = forward(params, x)
    logits = logits - logits.max(1, keepdims=True)
    error = np.exp(logits)
    error /= error.sum(1, keepdims=True)
    error[np.arange(len(y)), y] -= 1
    error /= len(y)
    result = {}
    for name, source in zip(reversed(NAMES), reversed(inputs)):
        result[name] = (source.T @ error, error.sum(0))
        error = (error @ params[name][0].T) * (source > 0)
    return result


class Adam:
    """Adam (Kingma and Ba, ICLR 2015) on a dictionary of pairs of arrays."""

    def __init__(self, params):
        self.moments = {k: [(np.zeros_like(p), np.zeros_like(p)) for p in v] for k, v in params.items()}
        self.step = 0

    def update(self, params, grads, rate):
        self.step += 1
        fix1, fix2 = 1 - 0.9 ** self.step, 1 - 0.999 ** self.step
        for name, arrays in params.items():
            for p, g, (m, v) in zip(arrays, grads[name], self.moments[name]):
                m += np.float32(0.1) * (g - m)
                v += np.float32(0.001) * (g * g - v)
                p -= np.float32(rate / fix1) * m / (np.sqrt(v / np.float32(fix2)) + np.float32(1e-8))


def accuracy(params, x, y):
    """Part of the images that is classified right."""
    return float((forward(params, x)[1].argmax(1) == y).mean())


def kept(weight, part):
    """Mask of the weights of greatest magnitude."""
    magnitude = np.abs(weight).ravel()
    mask = np.zeros(magnitude.size, np.float32)
    mask[np.argsort(-magnitude, kind="stable")[:round(part * magnitude.size)]] = 1
    return mask.reshape(weight.shape)


def batches(rng, count, epochs):
    """Indices of each batch of some epochs."""
    for _ in range(epochs):
        order = rng.permutation(count)
        for start in range(0, count, BATCH):
            yield order[start:start + BATCH]


def train(params, x, y, epochs, prune, rng, rate=LEARNING_RATE):
    """Train with a cosine learning rate; prune in the first half, by a cubic schedule (Zhu and Gupta, 2017)."""
    adam, masks, total = Adam(params), {}, epochs * len(x) // BATCH
    for step, batch in enumerate(batches(rng, len(x), epochs)):
        if prune and step <= total // 2 and step % 50 == 0:
            part = 1 - (1 - 2 * step / total) ** 3
            masks = {n: kept(params[n][0], 1 - (1 - LAYERS[n][2]) * part) for n in NAMES}
        adam.update(params, gradients(params, x[batch], y[batch]), rate * 0.5 * (1 + np.cos(np.pi * step / total)))
        for name, mask in masks.items():
            params[name][0][...] *= mask


def cluster(weight):
    """K-means of the nonzero weights, begun evenly between the extremes: values, and the index of each weight."""
    nonzero = weight[weight != 0]
    values = np.linspace(nonzero.min(), nonzero.max(), VALUES)
    for _ in range(100):
        index = np.abs(nonzero[:, None] - values).argmin(1)
        sums = np.bincount(index, nonzero, VALUES)
        counts = np.bincount(index, minlength=VALUES)
        values = np.where(counts > 0, sums / np.maximum(counts, 1), values)
    indices = np.full(weight.shape, VALUES)
    indices[weight != 0] = np.abs(nonzero[:, None] - values).argmin(1)
    return np.append(values, 0).astype(np.float32), indices


def tune(params, x, y, epochs, rng):
    """Cluster, then fine-tune the values and the biases; gives the values and indices by layer."""
    tables = {n: cluster(params[n][0]) for n in NAMES}
    shared = {n: [tables[n][0], params[n][1]] for n in NAMES}
    adam, total = Adam(shared), epochs * len(x) // BATCH
    for step, batch in enumerate(batches(rng, len(x), epochs)):
        for name in NAMES:
            params[name] = (shared[name][0][tables[name][1]], shared[name][1])
        grads = gradients(params, x[batch], y[batch])
        for name in NAMES:
            of_weights, of_bias = grads[name]
            sums = np.bincount(tables[name][1].ravel(), of_weights.ravel(), VALUES + 1)
            sums[VALUES] = 0
            grads[name] = (sums.astype(np.float32), of_bias)
        adam.update(shared, grads, 1e-4 * 0.5 * (1 + np.cos(np.pi * step / total)))
    return {n: (shared[n][0], tables[n][1], shared[n][1]) for n in NAMES}


# ---------------------------------------------------------------------- ONNX

def quantized(tables, x):
    """Int8 weights, int32 biases and the scales of weights and of each layer's output."""
    params = {n: (values[index], bias) for n, (values, index, bias) in tables.items()}
    inputs, logits = forward(params, x[:CALIBRATION])
    layers, scale = {}, np.float32(1 / 255)
    for name, output in zip(NAMES, inputs[1:] + [logits]):
        values, index, bias = tables[name]
        last = name == NAMES[-1]
        output_scale = np.float32(np.abs(output).max() / 127 if last else np.percentile(output, 99.99) / 255)
        # The smallest scale of the weights for which an output is a sum shifted right.
        least = np.abs(values).max() / 127 * scale / output_scale
        weight_scale = np.float32(output_scale / scale * 2.0 ** np.ceil(np.log2(least)))
        weight = np.rint(values / weight_scale).astype(np.int8)[index]
        bias = np.rint(bias / (scale * weight_scale)).astype(np.int32)
        layers[name] = (weight, bias, scale, weight_scale, output_scale)
        scale = output_scale
    return layers


def integers(layers, x):
    """Logits of the int8 network, as integers, for uint8 images."""
    for name, (weight, bias, scale, weight_scale, output_scale) in layers.items():
        total = x.astype(np.int64) @ weight.astype(np.int64) + bias
        real = np.rint(total * (np.float64(scale) * weight_scale / output_scale))
        x = np.clip(real, -128, 127) if name == NAMES[-1] else np.clip(real, 0, 255)
    return x


def write_onnx(layers, path):
    """Write the network as QDQ ONNX: uint8 activations, int8 weights, int32 biases."""
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def quantize(source, target, scale, zero):
        operands = [constant(f"{target}_scale", scale), constant(f"{target}_zero_point", zero)]
        nodes.append(helper.make_node("QuantizeLinear", [source] + operands, [f"{target}_quantized"],
                                      name=f"{target}_QuantizeLinear"))
        nodes.append(helper.make_node("DequantizeLinear", [f"{target}_quantized"] + operands, [target],
                                      name=f"{target}_DequantizeLinear"))

    def dequantize(name, value, scale):
        operands = [constant(f"{name}_quantized", value), constant(f"{name}_scale", scale),
                    constant(f"{name}_zero_point", value.dtype.type(0))]
        nodes.append(helper.make_node("DequantizeLinear", operands, [name], name=f"{name}_DequantizeLinear"))
        return name

    quantize("image", "input", np.float32(1 / 255), np.uint8(0))
    source = "input"
    for name, (weight, bias, scale, weight_scale, output_scale) in layers.items():
        operands = [source, dequantize(f"{name}.weight", np.ascontiguousarray(weight.T), weight_scale),
                    dequantize(f"{name}.bias", bias, np.float32(scale * weight_scale))]
        nodes.append(helper.make_node("Gemm", operands, [f"{name}_out"], name=name, transB=1))
        last = name == NAMES[-1]
        if not last:
            nodes.append(helper.make_node("Relu", [f"{name}_out"], [f"{name}_relu"], name=f"{name}_relu"))
        source = "logits" if last else f"{name}_active"
        quantize(f"{name}_out" if last else f"{name}_relu", source, output_scale,
                 np.int8(0) if last else np.uint8(0))
    graph = helper.make_graph(
        nodes, "lenet_300_100",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 784])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="train.py")
    model.ir_version = 8
    checker.check_model(model)
    save(model, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST's four .gz files")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    images, y, test_images, test_y = (read_idx(arguments.data / name) for name in DATA)
    x, test = (a.reshape(len(a), -1).astype(np.float32) / np.float32(255) for a in (images, test_images))
    rng = np.random.default_rng(arguments.seed)
    params = {n: (rng.normal(0, np.sqrt(2 / i), (i, o)).astype(np.float32), np.zeros(o, np.float32))
              for n, (i, o, _) in LAYERS.items()}
    report, start = {"seed": arguments.seed}, time.time()

    def measured(stage):
        report[stage] = round(accuracy(params, test, test_y), 4)
        print(f"{stage}: {report[stage]:.2%} after {time.time() - start:.0f} s", flush=True)

    train(params, x, y, 12, False, rng)
    measured("dense float32")
    train(params, x, y, 20, True, rng)
    measured("pruned float32")
    tables = tune(params, x, y, 5, rng)
    params = {n: (values[index], bias) for n, (values, index, bias) in tables.items()}
    measured("clustered float32")
    layers = quantized(tables, x)
    pixels = test_images.reshape(len(test_images), -1)
    report["int8"] = round(float((integers(layers, pixels).argmax(1) == test_y).mean()), 4)
    report["layers"] = {n: {"weights": int(w.size), "nonzero": int(np.count_nonzero(w)),
                            "values": int(len(np.unique(w)))} for n, (w, *_) in layers.items()}
    write_onnx(layers, arguments.out / "lenet-300-100.onnx")
    (arguments.out / "accuracy.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
