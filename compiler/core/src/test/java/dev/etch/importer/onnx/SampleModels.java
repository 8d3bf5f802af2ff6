// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static dev.etch.importer.onnx.TestModel.INT8;
import static dev.etch.importer.onnx.TestModel.UINT8;

import java.util.List;

/** Small models that together use every form of constant data. */
final class SampleModels {
  private SampleModels() {}

  /** Float convolution, relu, pool, flatten through a folded shape, dense, softmax. */
  static TestModel convolution() {
    return new TestModel(13)
        .input("x", FLOAT, 1, 1, 6, 6)
        .floats("w", List.of(2L, 1L, 3L, 3L), new float[18])
        .floats("b", List.of(2L), 1, 2)
        .longs("zero", List.of(), 0)
        .longs("axis", List.of(1L), 0)
        .longs("rest", List.of(1L), -1)
        .floats("d", List.of(8L, 3L), new float[24])
        .node("Conv", List.of("x", "w", "b"), "c", TestModel.text("auto_pad", "VALID"))
        .node("Relu", List.of("c"), "r")
        .node(
            "MaxPool",
            List.of("r"),
            "p",
            TestModel.ints("kernel_shape", 2, 2),
            TestModel.ints("strides", 2, 2))
        .node("Shape", List.of("x"), "s")
        .node("Gather", List.of("s", "zero"), "n")
        .node("Unsqueeze", List.of("n", "axis"), "n1")
        .node("Concat", List.of("n1", "rest"), "shape", TestModel.integer("axis", 0))
        .node("Reshape", List.of("p", "shape"), "f")
        .node("MatMul", List.of("f", "d"), "m")
        .node("Softmax", List.of("m"), "y")
        .output("y");
  }

  /** QDQ dense layer whose weights are a codebook. */
  static TestModel codebook() {
    return new TestModel(13)
        .input("x", FLOAT, 1, 4)
        .floats("xs", List.of(), 0.5f)
        .integers("xz", UINT8, List.of(), 128)
        .integers("book", INT8, List.of(3L), -7, 0, 9)
        .longs("index", List.of(2L, 4L), 0, 1, 2, 1, 1, 0, 2, 2)
        .floats("ws", List.of(2L), 0.25f, 0.125f)
        .integers("wz", INT8, List.of(2L), 0, 0)
        .node("QuantizeLinear", List.of("x", "xs", "xz"), "q")
        .node("DequantizeLinear", List.of("q", "xs", "xz"), "xd")
        .node("Gather", List.of("book", "index"), "wi")
        .node("DequantizeLinear", List.of("wi", "ws", "wz"), "w", TestModel.integer("axis", 0))
        .node("Transpose", List.of("w"), "wt", TestModel.ints("perm", 1, 0))
        .node("MatMul", List.of("xd", "wt"), "y")
        .output("y");
  }

  /** QLinearConv with asymmetric weights. */
  static TestModel quantizedConvolution() {
    return new TestModel(13)
        .input("x", UINT8, 1, 1, 4, 4)
        .floats("s", List.of(), 0.5f)
        .integers("xz", UINT8, List.of(), 3)
        .integers("w", UINT8, List.of(1L, 1L, 2L, 2L), 0, 100, 200, 255)
        .integers("wz", UINT8, List.of(), 100)
        .node("QLinearConv", List.of("x", "s", "xz", "w", "s", "wz", "s", "xz"), "y")
        .output("y");
  }

  /** Sparse weights by coordinates. */
  static TestModel sparse() {
    return new TestModel(13)
        .input("x", FLOAT, 1, 3)
        .sparse(
            TestModel.floatTensor("w", List.of(2L), 5, 7),
            TestModel.longTensor("", List.of(2L, 2L), 2, 1, 0, 0),
            3,
            2)
        .node("MatMul", List.of("x", "w"), "y")
        .output("y");
  }

  /** Weights in a file beside the model. */
  static TestModel external(String location) {
    return new TestModel(13)
        .input("x", FLOAT, 1, 2)
        .external("w", List.of(2L, 2L), "location", location, "offset", "4", "length", "16")
        .node("MatMul", List.of("x", "w"), "y")
        .output("y");
  }
}
