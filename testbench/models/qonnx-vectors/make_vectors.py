#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small QONNX models and what qonnx's own execution makes of them: vectors.zip for QonnxVectorsTest.

    pip install qonnx==1.0.0
    python3 make_vectors.py

Scales of powers of two make all float32 sums exact, so that the results do not hang on their order.
"""
import io
import pathlib
import zipfile

import numpy as np
import onnx
import qonnx.core.onnx_exec as execution
from onnx import TensorProto, helper, numpy_helper
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.transformation.infer_shapes import InferShapes

FRAMES = 24
QONNX = "qonnx.custom_op.general"


class Network:
    """A model in the making; with `integers`, zero points and widths are int64, as in QKeras."""

    def __init__(self, seed, integers=False):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants, self.datatypes = [], [], {}
        self.integers = integers

    def constant(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, operator, operands, domain="", **attributes):
        name = f"{operator.lower()}{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, operands, [name], name="n_" + name, domain=domain, **attributes)
        )
        return name

    def quant(self, x, scale, bits, signed=1, narrow=0, zero=0):
        kind = np.int64 if self.integers else np.float32
        operands = [x, self.constant(np.asarray(scale, np.float32))]
        operands += [self.constant(np.array(v, kind)) for v in (zero, bits)]
        return self.node(
            "Quant", operands, QONNX, signed=signed, narrow=narrow, rounding_mode="ROUND"
        )

    def weights(self, *shape):
        values = (self.random.standard_normal(shape) * 0.3).astype(np.float32)
        return self.quant(self.constant(values), 0.0625, 4, 1, 1)

    def conv(self, x, outputs, inputs, kernel=1):
        weights = self.weights(outputs, inputs, kernel, kernel)
        return self.node("Conv", [x, weights], pads=[kernel // 2] * 4, kernel_shape=[kernel] * 2)

    def model(self, shape, result):
        graph = helper.make_graph(
            self.nodes,
            "qonnx",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, None)],
            self.constants,
        )
        for tensor, datatype in self.datatypes.items():
            annotation = graph.quantization_annotation.add(tensor_name=tensor)
            annotation.quant_parameter_tensor_names.add(key="finn_datatype", value=datatype)
        imports = [helper.make_opsetid("", 13), helper.make_opsetid(QONNX, 1)]
        model = helper.make_model(graph, opset_imports=imports)
        model.ir_version = 8
        return model


def concat(net, pooled):
    x = net.quant("x", 0.03125, 8)
    left = net.quant(net.node("Relu", [net.conv(x, 4, 4)]), 0.25, 4, 0)
    right = net.quant(net.conv(x, 4, 4), 0.125, 4)
    joined = net.node("Concat", [left, right], axis=1)
    if pooled:
        joined = net.node("MaxPool", [joined], kernel_shape=[2, 2], strides=[2, 2])
    return net.quant(net.conv(joined, 3, 8), 0.25, 8)


def add(net, between):
    x = net.quant("x", 0.03125, 8)
    left = net.quant(net.node("Relu", [net.conv(x, 4, 4)]), 0.25, 4, 0)
    right = net.quant(net.conv(x, 4, 4), 0.125, 6)
    total = net.node("Add", [left, right])
    return net.quant(net.conv(net.quant(total, 0.25, 5) if between else total, 3, 4), 0.25, 8)


def channel_scales(net):
    x = net.quant("x", 0.03125, 8)
    scales = np.array([0.25, 0.125, 0.5, 0.0625]).reshape(1, 4, 1, 1)
    y = net.quant(net.node("Relu", [net.conv(x, 4, 4, 3)]), scales, 4, 0)
    return net.quant(net.conv(y, 3, 4, 3), 0.25, 8)


def normalized(net, layer, function):
    x = net.quant("x", 0.03125, 8)
    if layer == "MatMul":
        y = net.node("MatMul", [x, net.weights(6, 4)])
    else:
        bias = net.constant(np.array([0.5, -0.25, 0.125, 1], np.float32))
        y = net.node("Gemm", [x, net.weights(4, 6), bias], transB=1)
    constants = [[0.5, -0.7, 1.3, 0.01], [0.1, 0.2, -0.3, 0], [0.2, -0.1, 0, 0.4], [1, 2, 0.5, 0.01]]
    y = net.node("BatchNormalization", [y] + [net.constant(np.float32(c)) for c in constants])
    if function:
        y = net.node(function, [y])
    return net.quant(y, 1 / 16, 4, 0) if function != "Tanh" else net.quant(y, 1 / 128, 8)


def zero_points(net):
    x = net.quant("x", 0.03125, 8, 0, 0, 100)
    y = net.quant(net.node("MatMul", [x, net.weights(6, 8)]), 0.125, 5, 0, 0, 11)
    return net.quant(net.node("MatMul", [y, net.weights(8, 3)]), 0.25, 8)


def annotated(net, datatype):
    net.datatypes["x"] = datatype
    if datatype == "BIPOLAR":
        values = np.where(net.random.standard_normal((6, 8)) > 0, 1, -1)
    else:
        values = net.random.integers(-8, 8, (6, 8))
    weights = net.constant(values.astype(np.float32))
    net.datatypes[weights] = datatype
    y = net.quant(net.node("MatMul", ["x", weights]), 0.5, 5)
    return net.quant(net.node("MatMul", [y, net.weights(8, 3)]), 0.25, 8)


MAP, VECTOR = [4, 5, 5], [6]
MODELS = {
    "concat": (MAP, False, lambda net: concat(net, False)),
    "concat-pooled": (MAP, False, lambda net: concat(net, True)),
    "add": (MAP, False, lambda net: add(net, True)),
    "add-direct": (MAP, False, lambda net: add(net, False)),
    "channel-scales": (MAP, False, channel_scales),
    "matmul-bn": (VECTOR, False, lambda net: normalized(net, "MatMul", None)),
    "matmul-bn-sigmoid": (VECTOR, False, lambda net: normalized(net, "MatMul", "Sigmoid")),
    "gemm-bn-tanh": (VECTOR, False, lambda net: normalized(net, "Gemm", "Tanh")),
    "int64-zero-points": (VECTOR, True, zero_points),
    "annotated-bipolar": (VECTOR, False, lambda net: annotated(net, "BIPOLAR")),
    "annotated-int4": (VECTOR, False, lambda net: annotated(net, "INT4")),
}


def frames(random, shape, datatype):
    if datatype == "BIPOLAR":
        return np.where(random.standard_normal([FRAMES] + shape) > 0, 1, -1).astype(np.float32)
    if datatype == "INT4":
        return random.integers(-8, 8, [FRAMES] + shape).astype(np.float32)
    return random.standard_normal([FRAMES] + shape).astype(np.float32)


def main():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for seed, (name, (shape, integers, build)) in enumerate(MODELS.items()):
            net = Network(seed, integers)
            result = build(net)
            x = frames(np.random.default_rng(seed + 100), shape, net.datatypes.get("x"))
            whole = ModelWrapper(net.model([FRAMES] + shape, result)).transform(InferShapes())
            y = execution.execute_onnx(whole, {"x": x})[result].astype("<f4")
            files = {
                "model.onnx": net.model([1] + shape, result).SerializeToString(),
                "in.bin": x.tobytes(),
                "out.bin": y.tobytes(),
            }
            for file, data in files.items():
                zipped.writestr(zipfile.ZipInfo(f"{name}/{file}"), data, zipfile.ZIP_DEFLATED)
    pathlib.Path(__file__).with_name("vectors.zip").write_bytes(archive.getvalue())


if __name__ == "__main__":
    main()
