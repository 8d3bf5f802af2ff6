// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static dev.etch.importer.onnx.TestModel.INT4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.Graph;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dequantize;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Weights;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What models become. */
class OnnxImporterTest extends ImporterTestCase {

  @Test
  void shapeArithmeticFoldsAway() throws IOException {
    Graph graph = read(SampleModels.convolution());
    assertEquals(
        List.of(
            "Constant",
            "Constant",
            "Conv2d",
            "Relu",
            "MaxPool2d",
            "Reshape",
            "Constant",
            "Dense",
            "Softmax"),
        graph.nodes().stream().map(n -> n.op().getClass().getSimpleName()).toList());
    assertEquals(Shape.of(1, 3), graph.outputs().get(0).type().shape());
  }

  @Test
  void codebookStaysClusteredThroughDequantizeAndTranspose() throws IOException {
    Graph graph = read(SampleModels.codebook());
    Weights weights = only(graph, Constant.class).weights();
    assertInstanceOf(ClusteredWeights.class, weights);
    assertEquals(Shape.of(2, 4), weights.type().shape());
    // x is exact at scale 0.5: [1, -2, 0.5, 3]; rows [-7 0 9 0] * 0.25 and [0 -7 9 9] * 0.125.
    assertArrayEquals(
        new float[] {(-7 + 4.5f) * 0.25f, (14 + 4.5f + 27) * 0.125f}, run(graph, 1, -2, 0.5f, 3));
  }

  @Test
  void asymmetricWeightsGetTheBitThatTheyNeed() throws IOException {
    Graph graph = read(SampleModels.quantizedConvolution());
    IntegerTensor weights = (IntegerTensor) only(graph, Constant.class).weights().decode();
    assertEquals(new IntegerType(9, true), weights.type().element());
    assertArrayEquals(new int[] {-100, 0, 100, 155}, weights.data());
    assertEquals(
        List.of(new ScaleThenRound(0.5f, 3, 0, 255)), only(graph, Requantize.class).channels());
  }

  @Test
  void sparseWeightsAreSortedAndStaySparse() throws IOException {
    Graph graph = read(SampleModels.sparse());
    assertInstanceOf(SparseWeights.class, only(graph, Constant.class).weights());
    assertArrayEquals(new float[] {14, 20}, run(graph, 2, 3, 4));
  }

  @Test
  void openBatchIsOneAndOtherOpenAxesAreRefused() throws IOException {
    assertEquals(
        Shape.of(1, 4), read(of("Relu", List.of("x"), 0, 4)).inputs().get(0).type().shape());
    assertEquals(
        Shape.of(1, 4), read(of("Relu", List.of("x"), -1, 4)).inputs().get(0).type().shape());
    assertRefused("extent of axis 1", of("Relu", List.of("x"), 1, 0));
    assertRefused("too many elements", of("Relu", List.of("x"), 1, Long.MAX_VALUE, 3));
  }

  @Test
  void nodesInAnyOrderAreSortedAndCyclesRefused() throws IOException {
    TestModel backwards =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .node("Relu", List.of("a"), "y")
            .node("Relu", List.of("x"), "a")
            .output("y");
    assertEquals(2, read(backwards).nodes().size());
    TestModel cycle =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .node("Add", List.of("x", "b"), "a")
            .node("Relu", List.of("a"), "b")
            .output("b");
    assertRefused("on a cycle", cycle);
  }

  @Test
  void fourBitIntegersAreTwoToAByte() throws IOException {
    TestModel model =
        new TestModel(21)
            .input("x", FLOAT, 1, 3)
            .raw("w", INT4, List.of(3L, 1L), (byte) 0xf7, (byte) 0x08)
            .floats("s", List.of(), 1)
            .node("DequantizeLinear", List.of("w", "s"), "d")
            .node("MatMul", List.of("x", "d"), "y")
            .output("y");
    Graph graph = read(model);
    IntegerTensor weights = (IntegerTensor) only(graph, Constant.class).weights().decode();
    assertEquals(new IntegerType(4, true), weights.type().element());
    assertArrayEquals(new int[] {7, -1, -8}, weights.data());
    assertEquals(0, only(graph, Dequantize.class).quantization().zeroPoint(0));
  }

  @Test
  void oneDimensionalConvolutionIsOneRow() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 1, 4)
            .floats("w", List.of(1L, 1L, 2L), 1, 10)
            .node("Conv", List.of("x", "w"), "y", TestModel.ints("pads", 1, 0))
            .output("y");
    Graph graph = read(model);
    assertEquals(1, only(graph, Conv2d.class).window().padLeft());
    assertEquals(Shape.of(1, 1, 4), graph.outputs().get(0).type().shape());
    assertArrayEquals(new float[] {10, 21, 32, 43}, run(graph, 1, 2, 3, 4));
  }

  @Test
  void alphaAndBetaScaleConstantsOnly() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 2)
            .floats("w", List.of(2L, 1L), 1, 2)
            .floats("b", List.of(1L, 1L), 4)
            .node(
                "Gemm",
                List.of("x", "w", "b"),
                "y",
                TestModel.number("alpha", 3),
                TestModel.number("beta", 0.5f))
            .output("y");
    assertArrayEquals(new float[] {3 * 50 + 2}, run(read(model), 10, 20));
  }

  @Test
  void subtractionAndScalingByConstantsAreExact() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 2)
            .floats("c", List.of(2L), 1, 2)
            .floats("f", List.of(), 3)
            .floats("p", List.of(), 4)
            .node("Sub", List.of("x", "c"), "a")
            .node("Mul", List.of("f", "a"), "b")
            .node("Div", List.of("b", "p"), "y")
            .output("y");
    assertArrayEquals(new float[] {6.75f, 13.5f}, run(read(model), 10, 20));
  }

  @Test
  void hostileNamesStayNames() throws IOException {
    String name = "\"; rm -rf / #\n\u0000module";
    TestModel model =
        new TestModel(13)
            .input(name, FLOAT, 1, 2)
            .node("Relu", List.of(name), "endmodule")
            .node("Relu", List.of("endmodule"), "always")
            .output("always");
    Graph graph = read(model);
    assertEquals("always", graph.outputs().get(0).name());
    assertTrue(graph.inputs().get(0).name().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void inputsThatAreInitializersAreConstants() throws IOException {
    Graph graph =
        read(
            of("Add", List.of("x", "c"), 1, 2).input("c", FLOAT, 2).floats("c", List.of(2L), 1, 2));
    assertEquals(1, graph.inputs().size());
  }

  @Test
  void quantizedIntegersAreSummedExactly() throws IOException {
    Graph graph = read(SampleModels.quantizedConvolution());
    int[] x = new int[16];
    java.util.Arrays.setAll(x, i -> 17 * i);
    IntegerTensor input = IntegerTensor.of(IntegerType.UINT8, Shape.of(1, 1, 4, 4), x);
    IntegerTensor y = (IntegerTensor) new Interpreter(graph).run(List.of(input)).get(0);
    int sum = -100 * (x[0] - 3) + 100 * (x[4] - 3) + 155 * (x[5] - 3);
    int expected = (int) Math.max(0, Math.min(255, Math.rint(sum * 0.5f) + 3));
    assertEquals(expected, y.data()[0]);
  }
}
