# SPDX-License-Identifier: Apache-2.0
"""Makes vectors.zip: quantized ONNX models, inputs, and what ONNX Runtime makes of them.

    pip install onnx onnxruntime
    python make_vectors.py vectors.zip [tables of each function [networks [seed]]]

Functions of one number stand between DequantizeLinear and QuantizeLinear and get all 256 operands. Networks are small
random ones, quantized by onnxruntime's quantize_static in all its formats. The judge is ONNX Runtime with
default options on x86, as docs/rationale/arithmetic.md says. vectors.zip was made with onnxruntime 1.31.1 and onnx 1.23.2 on x86
with AVX-512 and session.qdqisint8allowed; a default session of release 1.32 gives the same bytes.
Zip entries: NAME-N/model.onnx, in.bin, out.bin (frames one after another).
"""
import logging
import os
import sys
import tempfile
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.registry import QDQRegistry, QLinearOpsRegistry

logging.disable(logging.CRITICAL)
TYPES = {'uint8': (TensorProto.UINT8, np.uint8), 'int8': (TensorProto.INT8, np.int8)}
# Operators that quantize_static does not quantize of itself.
MORE = ['HardSwish', 'HardSigmoid', 'Tanh', 'Elu', 'Softplus', 'PRelu', 'ReduceMean', 'Slice']


class Net:
    """A graph that grows node by node."""

    def __init__(self, rng, plain=False):
        self.rng = rng
        self.plain = plain  # only what quantize_static knows as QOperator
        self.nodes = []
        self.constants = []

    def constant(self, data, dtype=np.float32):
        name = 'c%d' % len(self.constants)
        self.constants.append(numpy_helper.from_array(np.asarray(data, dtype), name))
        return name

    def op(self, kind, inputs, results=1, **attributes):
        names = ['v%d_%d' % (len(self.nodes), i) for i in range(results)]
        self.nodes.append(helper.make_node(kind, inputs, names, kind + str(len(self.nodes)), **attributes))
        return names[0] if results == 1 else names

    def conv(self, x, inputs, outputs, kernel, stride=1, groups=1):
        taps = inputs // groups * kernel * kernel
        weights = self.rng.normal(0, 1 / np.sqrt(taps), (outputs, inputs // groups, kernel, kernel))
        operands = [x, self.constant(weights), self.constant(self.rng.normal(0, .2, outputs))]
        return self.op('Conv', operands, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[kernel // 2] * 4,
                       group=groups)

    def model(self, element, shape, result, result_element, opset):
        graph = helper.make_graph(self.nodes, 'g', [helper.make_tensor_value_info('x', element, shape)],
                                  [helper.make_tensor_value_info(result, result_element, None)], self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid('', opset)], ir_version=8)


def silu(net, x):
    return net.op('Mul', [x, net.op('Sigmoid', [x])])


def hard_swish_in_parts(net, x):
    return net.op('Mul', [net.op('HardSigmoid', [x], alpha=1 / 6, beta=.5), x])


def one(kind, **attributes):
    return lambda net, x: net.op(kind, [x], **attributes)


FUNCTIONS = {
    'Sigmoid': one('Sigmoid'), 'Tanh': one('Tanh'), 'LeakyRelu': one('LeakyRelu', alpha=.1), 'Elu': one('Elu'),
    'HardSigmoid': one('HardSigmoid'), 'HardSwish': one('HardSwish'), 'Softplus': one('Softplus'),
    'Mish': one('Mish'), 'Gelu': one('Gelu'), 'GeluTanh': one('Gelu', approximate='tanh'), 'SiLU': silu,
    'PRelu': lambda net, x: net.op('PRelu', [x, net.constant(net.rng.normal(0, 1, (4, 1, 1)))]),
    'Clip': lambda net, x: net.op('Clip', [x, net.constant(-.7), net.constant(1.3)]),
}


def run(model, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model, options, providers=['CPUExecutionProvider'])
    return [session.run(None, {'x': x})[0] for x in inputs]


def table(name, kind, rng):
    element, dtype = TYPES[kind]
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    net = Net(rng)
    operand = [net.constant(2 ** rng.uniform(-8, -1)), net.constant(rng.integers(low, high + 1), dtype)]
    result = [net.constant(2 ** rng.uniform(-9, -3)), net.constant(rng.integers(low, high + 1), dtype)]
    x = net.op('DequantizeLinear', ['x'] + operand)
    y = net.op('QuantizeLinear', [FUNCTIONS[name](net, x)] + result)
    model = net.model(element, [1, 4, 8, 8], y, element, 20).SerializeToString()
    inputs = [np.arange(low, high + 1).astype(dtype).reshape(1, 4, 8, 8)]
    return model, inputs, run(model, inputs)


def activation(net, x, channels):
    kinds = ['Relu', 'Clip', 'LeakyRelu', 'Sigmoid', 'SiLU']
    more = ['HardSwish', 'HardSigmoid', 'Tanh', 'Elu', 'PRelu', 'HardSwishInParts', 'Softplus']
    kind = str(net.rng.choice(kinds if net.plain else kinds + more))
    if kind == 'Clip':
        return net.op('Clip', [x, net.constant(0), net.constant(6)])
    if kind == 'PRelu':
        return net.op('PRelu', [x, net.constant(net.rng.uniform(-.3, .6, (channels, 1, 1)))])
    if kind == 'SiLU':
        return silu(net, x)
    if kind == 'HardSwishInParts':
        return hard_swish_in_parts(net, x)
    return net.op(kind, [x])


def block(net, y, c):
    kinds = ['residual', 'depthwise', 'resize', 'squeeze', 'split', 'product', 'shared']
    kind = net.rng.choice(kinds if net.plain else kinds + ['slice'])
    if kind == 'residual':
        y = net.op('Add', [y, net.conv(activation(net, net.conv(y, c, c, 3), c), c, c, 1)])
    elif kind == 'depthwise':
        y = net.conv(activation(net, net.conv(y, c, c, 3, groups=c), c), c, c, 1)
    elif kind == 'resize':
        modes = ['asymmetric', 'half_pixel', 'align_corners']
        scales = net.constant([1, 1, net.rng.choice([.5, 1.5, 2]), net.rng.choice([1, 1.3, 2])])
        y = net.op('Resize', [y, '', scales], mode='nearest', nearest_mode='floor',
                   coordinate_transformation_mode=str(net.rng.choice(modes)))
    elif kind == 'squeeze':
        reduce = not net.plain and net.rng.integers(2)
        z = net.op('ReduceMean', [y], axes=[2, 3]) if reduce else net.op('GlobalAveragePool', [y])
        z = net.conv(net.op('Relu', [net.conv(z, c, 2, 1)]), 2, c, 1)
        y = net.op('Mul', [y, net.op('HardSigmoid' if reduce else 'Sigmoid', [z])])
    elif kind == 'split':
        k = int(net.rng.integers(1, c))
        a, b = net.op('Split', [y, net.constant([k, c - k], np.int64)], 2, axis=1)
        y = net.op('Concat', [b, activation(net, a, k)], axis=1)
    elif kind == 'slice':
        bounds = [net.constant(v, np.int64) for v in ([0, -1], [-1, -100], [2, 3], [1, -1])]
        y = net.op('Slice', [y] + bounds)
    elif kind == 'product':
        y = net.op('Mul', [activation(net, net.conv(y, c, c, 1), c), activation(net, net.conv(y, c, c, 3), c)])
    else:
        y = net.op('Add', [net.conv(net.op('GlobalAveragePool', [y]), c, c, 1), y])
    return activation(net, y, c)


def network(rng, plain):
    net = Net(rng, plain)
    c, channels = int(rng.integers(3, 6)), int(rng.integers(1, 4))
    y = activation(net, net.conv('x', channels, c, 3, int(rng.integers(1, 3))), c)
    for _ in range(int(rng.integers(1, 3))):
        y = block(net, y, c)
    end = rng.choice(['map', 'pool', 'softmax'])
    if end != 'map':
        y = net.op('Flatten', [net.op('GlobalAveragePool', [y])])
        y = net.op('Gemm', [y, net.constant(rng.normal(0, .7, (5, c))), net.constant(rng.normal(0, .1, 5))], transB=1)
        y = net.op('Softmax', [y]) if end == 'softmax' else net.op('Sigmoid', [y])
    shape = [1, channels, 8, 8]
    return onnx.shape_inference.infer_shapes(net.model(TensorProto.FLOAT, shape, y, TensorProto.FLOAT, 17)), shape


class Calibration(CalibrationDataReader):
    def __init__(self, frames):
        self.frames = iter(frames)

    def get_next(self):
        return next(self.frames, None)


def quantized_network(number, rng, folder):
    plain = number % 4 == 3
    model, shape = network(rng, plain)
    source, target = os.path.join(folder, 'float.onnx'), os.path.join(folder, 'quantized.onnx')
    onnx.save(model, source)
    frames = [rng.normal(0, 1, shape).astype(np.float32) for _ in range(6)]
    signed = number // 2 % 2 == 1
    operators = sorted(set(QLinearOpsRegistry) | set(QDQRegistry) | set(MORE))
    quantize_static(source, target, Calibration([{'x': f} for f in frames]),
                    quant_format=QuantFormat.QOperator if plain else QuantFormat.QDQ,
                    activation_type=QuantType.QInt8 if signed else QuantType.QUInt8, weight_type=QuantType.QInt8,
                    per_channel=bool(rng.integers(2)), reduce_range=True,
                    op_types_to_quantize=None if plain else operators)
    with open(target, 'rb') as file:
        quantized = file.read()
    return quantized, frames[:3], run(quantized, frames[:3])


def add(archive, name, model, inputs, outputs):
    for file, data in (('model.onnx', model), ('in.bin', b''.join(x.tobytes() for x in inputs)),
                       ('out.bin', b''.join(y.tobytes() for y in outputs))):
        entry = zipfile.ZipInfo(name + '/' + file, (2026, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, data)


def main(path, tables=2, networks=24, seed=1):
    with zipfile.ZipFile(path, 'w') as archive, tempfile.TemporaryDirectory() as folder:
        for f, name in enumerate(FUNCTIONS):
            for number in range(2 * tables):
                kind = list(TYPES)[number % 2]
                add(archive, '%s-%d' % (name, number), *table(name, kind, np.random.default_rng([seed, f, number])))
        for number in range(networks):
            rng = np.random.default_rng([seed, 1000, number])
            add(archive, 'network-%d' % number, *quantized_network(number, rng, folder))


if __name__ == '__main__':
    main(sys.argv[1], *map(int, sys.argv[2:]))
