#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Train, prune and quantize the LeNet-5 sample model on Fashion-MNIST.

The script does everything from the raw data set to the committed files:

1. train a dense LeNet-5 (20/50 filters, 800-500-10 classifier) with Adam;
2. prune a copy of it by gradual magnitude pruning, each layer to its own
   fraction of zeros, and fine-tune what is left;
3. write both networks as float ONNX, then quantize both to int8 QDQ ONNX with
   ``onnxruntime.quantization.quantize_static`` (calibrated on training images);
4. measure float and int8 accuracy on the whole test set with onnxruntime.

The test images are used in step 4 only; nothing is selected by them.
"""
import argparse
import gzip
import hashlib
import json
import struct
import tempfile
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (CalibrationDataReader, CalibrationMethod, QuantFormat,
                                      QuantType, quantize_static)

# name -> (weight shape, output pixels per frame, fraction of zeros after pruning).
# Weights are laid out as ONNX wants them: OIHW for Conv, [out, in] for Gemm (transB=1).
LAYERS = {
    "conv1": ((20, 1, 5, 5), 24 * 24, 0.55),
    "conv2": ((50, 20, 5, 5), 8 * 8, 0.91),
    "fc1": ((500, 800), 1, 0.94),
    "fc2": ((10, 500), 1, 0.75),
}
CLASSES = 10
BATCH = 128
DROPOUT = 0.3  # while training the dense network; a pruned one has no capacity to spare
LEARNING_RATE = 1e-3
MASK_INTERVAL = 50  # optimizer steps between two pruning steps


# ------------------------------------------------------------------ data set

def read_idx(path):
    """Read a gzip-compressed IDX file of unsigned bytes into a numpy array."""
    data = gzip.decompress(path.read_bytes())
    if data[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4:4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write_idx(path, array):
    """Write unsigned bytes as a gzip-compressed IDX file with no time stamp in it."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(head + array.tobytes(), 9, mtime=0))


def to_input(images):
    """Turn uint8 images [n,28,28] into the network's input: float32 [n,1,28,28] in 0..1."""
    return images[:, None].astype(np.float32) / np.float32(255)


# ------------------------------------------------------------------- network

def init_params(key):
    """He-initialised weights and zero biases."""
    params = {}
    for name, (shape, _, _) in LAYERS.items():
        key, sub = jax.random.split(key)
        fan_in = int(np.prod(shape[1:]))
        params[name] = (jax.random.normal(sub, shape) * np.sqrt(2 / fan_in),
                        jnp.zeros(shape[0]))
    return params


def forward(params, x, dropout=0.0, key=None):
    """Logits [n,10] of images [n,1,28,28], with that dropout rate on fc1's output."""
    for name in ("conv1", "conv2"):
        weight, bias = params[name]
        x = jax.lax.conv(x, weight, (1, 1), "VALID") + bias[:, None, None]
        n, c, h, w = x.shape
        x = jax.nn.relu(x).reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))  # 2x2 max pooling
    weight, bias = params["fc1"]
    x = jax.nn.relu(x.reshape(x.shape[0], -1) @ weight.T + bias)
    if key is not None:
        keep = jax.random.bernoulli(key, 1 - dropout, x.shape)
        x = jnp.where(keep, x / (1 - dropout), 0)
    weight, bias = params["fc2"]
    return x @ weight.T + bias


def loss_fn(params, x, y, dropout, key):
    """Mean cross entropy on a batch, each image mirrored with probability 1/2."""
    flip_key, dropout_key = jax.random.split(key)
    flip = jax.random.bernoulli(flip_key, 0.5, (x.shape[0], 1, 1, 1))
    logits = forward(params, jnp.where(flip, x[..., ::-1], x), dropout, dropout_key)
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()


@jax.jit
def train_step(params, masks, moments, step, rate, dropout, x, y, key):
    """One Adam step; pruned weights (mask 0) are set back to exactly zero."""
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y, dropout, key)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], grads)
    var = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], grads)
    fix1, fix2 = 1 - 0.9 ** step, 1 - 0.999 ** step
    params = jax.tree.map(
        lambda p, m, v: p - rate * (m / fix1) / (jnp.sqrt(v / fix2) + 1e-8), params, mean, var)
    params = {name: (w * masks[name], b) for name, (w, b) in params.items()}
    return params, (mean, var), loss


def magnitude_mask(weight, sparsity):
    """Mask that zeroes the ``sparsity`` fraction of weights with the least magnitude."""
    magnitude = np.abs(np.asarray(weight)).ravel()
    zeros = int(round(sparsity * magnitude.size))
    mask = np.ones(magnitude.size, np.float32)
    mask[np.argsort(magnitude, kind="stable")[:zeros]] = 0
    return mask.reshape(weight.shape)


def accuracy(params, x, y):
    """Fraction of images classified correctly by the jax network."""
    logits = np.concatenate([forward(params, x[i:i + 1000]) for i in range(0, len(x), 1000)])
    return float((logits.argmax(1) == y).mean())


def train(params, x, y, held_out, epochs, ramp_epochs, seed, label):
    """Train with a cosine learning rate; prune during the first ``ramp_epochs`` epochs.

    Pruning follows the cubic schedule of Zhu and Gupta (2017): the fraction of zeros of
    each layer rises from 0 to its target. ``ramp_epochs`` 0 means no pruning.
    """
    rng, key = np.random.default_rng(seed), jax.random.key(seed)
    masks = {name: np.ones(spec[0], np.float32) for name, spec in LAYERS.items()}
    zeros = jax.tree.map(jnp.zeros_like, params)
    moments, step = (zeros, zeros), 0
    per_epoch = len(x) // BATCH
    ramp = ramp_epochs * per_epoch - 1  # the step that reaches the target
    for epoch in range(epochs):
        start, total_loss = time.time(), 0.0
        order = rng.permutation(len(x))
        for i in range(per_epoch):
            if ramp_epochs and step <= ramp and (step % MASK_INTERVAL == 0 or step == ramp):
                part = 1 - (1 - step / ramp) ** 3
                masks = {name: magnitude_mask(params[name][0], spec[2] * part)
                         for name, spec in LAYERS.items()}
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / (epochs * per_epoch)))
            step += 1
            batch = np.sort(order[i * BATCH:(i + 1) * BATCH])
            params, moments, loss = train_step(params, masks, moments, float(step), rate,
                                               0.0 if ramp_epochs else DROPOUT, x[batch],
                                               y[batch], jax.random.fold_in(key, step))
            total_loss += float(loss)
        text = f"{label} epoch {epoch + 1}/{epochs}: loss {total_loss / per_epoch:.4f}"
        if len(held_out[0]):
            text += f", held-out accuracy {accuracy(params, *held_out):.4f}"
        print(f"{text} ({time.time() - start:.0f} s)", flush=True)
    return params


# ---------------------------------------------------------------------- ONNX

def write_float_onnx(params, path):
    """Write the network as float32 ONNX, NCHW, with a dynamic batch dimension N."""
    def pool(source, target):
        return helper.make_node("MaxPool", [source], [target], name=target,
                                kernel_shape=[2, 2], strides=[2, 2])

    def weighted(op, name, source, **attributes):
        return helper.make_node(op, [source, f"{name}.weight", f"{name}.bias"],
                                [f"{name}_out"], name=name, **attributes)

    def relu(name):
        return helper.make_node("Relu", [f"{name}_out"], [f"{name}_relu"], name=f"{name}_relu")

    nodes = [
        weighted("Conv", "conv1", "input", kernel_shape=[5, 5]), relu("conv1"),
        pool("conv1_relu", "pool1"),
        weighted("Conv", "conv2", "pool1", kernel_shape=[5, 5]), relu("conv2"),
        pool("conv2_relu", "pool2"),
        helper.make_node("Flatten", ["pool2"], ["flat"], name="flat", axis=1),
        weighted("Gemm", "fc1", "flat", transB=1), relu("fc1"),
        weighted("Gemm", "fc2", "fc1_relu", transB=1),
    ]
    nodes[-1].output[0] = "logits"
    initializers = []
    for name, (weight, bias) in params.items():
        initializers.append(numpy_helper.from_array(np.array(weight), f"{name}.weight"))
        initializers.append(numpy_helper.from_array(np.array(bias), f"{name}.bias"))
    graph = helper.make_graph(
        nodes, "lenet5",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", CLASSES])],
        initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
                              producer_name="etch-sample-train")
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


class Batches(CalibrationDataReader):
    """Feeds calibration images to the quantizer in batches of 100."""

    def __init__(self, x):
        self.batches = iter([{"input": x[i:i + 100]} for i in range(0, len(x), 100)])

    def get_next(self):
        """The next batch, or None at the end."""
        return next(self.batches, None)


def quantize(float_path, int8_path, x):
    """Quantize to int8 QDQ: per-channel symmetric weights, asymmetric activations."""
    quantize_static(
        float_path, int8_path, Batches(x), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"ActivationSymmetric": False, "WeightSymmetric": True})
    onnx.checker.check_model(onnx.load(int8_path), full_check=True)


def onnx_accuracy(path, x, y, optimize=True):
    """Accuracy of an ONNX file under onnxruntime's CPU provider.

    With ``optimize`` onnxruntime fuses QDQ groups into integer kernels; without, it runs
    every node as written (dequantize, float operator, quantize).
    """
    options = ort.SessionOptions()
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    logits = np.concatenate([session.run(None, {"input": x[i:i + 1000]})[0]
                             for i in range(0, len(x), 1000)])
    return round(float((logits.argmax(1) == y).mean()), 4)


def weight_report(int8_path):
    """Count zeros in the int8 weights of a quantized file, and the MACs they leave."""
    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(int8_path).graph.initializer}
    report, weights, nonzeros, macs, nonzero_macs = {}, 0, 0, 0, 0
    for name, (_, pixels, _) in LAYERS.items():
        weight = tensors[f"{name}.weight_quantized"]
        assert weight.dtype == np.int8, weight.dtype
        nonzero = int(np.count_nonzero(weight))
        report[name] = {"weights": weight.size, "nonzero": nonzero,
                        "sparsity": round(1 - nonzero / weight.size, 4)}
        weights += weight.size
        nonzeros += nonzero
        macs += weight.size * pixels
        nonzero_macs += nonzero * pixels
    return {"layers": report, "weights": weights, "nonzero_weights": nonzeros,
            "sparsity": round(1 - nonzeros / weights, 4),
            "macs": macs, "nonzero_macs": nonzero_macs}


# ---------------------------------------------------------------------- main

def main():
    """Parse the arguments and run the whole recipe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True,
                        help="directory of the four Fashion-MNIST *.gz files")
    parser.add_argument("--out", type=Path, default=Path("."), help="output directory")
    parser.add_argument("--epochs", type=int, default=6, help="dense training epochs")
    parser.add_argument("--ramp-epochs", type=int, default=4, help="pruning epochs")
    parser.add_argument("--tune-epochs", type=int, default=4, help="epochs after pruning")
    parser.add_argument("--calibration", type=int, default=1000,
                        help="number of training images for calibration")
    parser.add_argument("--holdout", type=int, default=0,
                        help="keep this many training images out of training and report on them")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    start = time.time()
    args.out.mkdir(parents=True, exist_ok=True)

    images = read_idx(args.data / "train-images-idx3-ubyte.gz")
    labels = read_idx(args.data / "train-labels-idx1-ubyte.gz").astype(np.int32)
    test_images = read_idx(args.data / "t10k-images-idx3-ubyte.gz")
    test_labels = read_idx(args.data / "t10k-labels-idx1-ubyte.gz")
    write_idx(args.out / "test-images.idx3-ubyte.gz", test_images[:100])
    write_idx(args.out / "test-labels.idx1-ubyte.gz", test_labels[:100])

    used = len(images) - args.holdout
    x, y = to_input(images), labels
    held_out, x, y = (x[used:], y[used:]), x[:used], y[:used]
    dense = train(init_params(jax.random.key(args.seed)), x, y, held_out,
                  args.epochs, 0, args.seed + 1, "dense")
    pruned = train(dense, x, y, held_out, args.ramp_epochs + args.tune_epochs,
                   args.ramp_epochs, args.seed + 2, "pruned")

    x_test, result = to_input(test_images), {"test_images": len(test_images)}
    for label, file, params in (("pruned", "lenet5.onnx", pruned),
                                ("dense", "lenet5-dense.onnx", dense)):
        target = args.out / file
        with tempfile.TemporaryDirectory() as scratch:
            float_path = Path(scratch) / "float.onnx"
            write_float_onnx(params, float_path)
            quantize(float_path, target, x[:args.calibration])
            result[label] = {
                "file": file,
                "bytes": target.stat().st_size,
                "float_accuracy": onnx_accuracy(float_path, x_test, test_labels),
                "int8_accuracy": onnx_accuracy(target, x_test, test_labels),
                "int8_accuracy_unfused": onnx_accuracy(target, x_test, test_labels, False),
                **weight_report(target),
            }
        print(hashlib.sha256(target.read_bytes()).hexdigest(), file)
    (args.out / "accuracy.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    print(f"run time {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
