// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.training.Model;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.op.FloatOp;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Float networks become graphs that the passes make integers of, close to what they were. */
class QuantizerTest {
  private static final Shape ITEM = Shape.of(1, 16, 16);
  private static final Quantization BYTES = Quantization.perTensor(IntegerType.UINT8, 1 / 255f, 0);

  private static Graph quantized(Network network, QuantizationPlan plan, boolean bytes) {
    return Quantizer.quantize(
        Model.of(network),
        plan.ranges(network.graph(), plan.calibration().items(), item -> floats(network, item)),
        plan,
        bytes ? Optional.of(BYTES) : Optional.empty());
  }

  private static FloatTensor floats(Network network, int item) {
    int[] pixels = pixels(item);
    float[] data = new float[pixels.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = pixels[i] / 255f;
    }
    return new FloatTensor(network.input().type(), data);
  }

  private static int[] pixels(int item) {
    SplittableRandom random = new SplittableRandom(item);
    int[] pixels = new int[ITEM.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    return pixels;
  }

  /** The largest difference of a score, as a part of the largest score. */
  private static double error(Network network, Graph quantized) {
    PartitionedModel model = StandardPasses.prepare(quantized, new DiagnosticCollector());
    assertTrue(
        model.accelerator().nodes().stream().noneMatch(node -> node.op() instanceof FloatOp));
    Interpreter integers = new Interpreter(model.whole());
    Interpreter floats = new Interpreter(network.graph());
    double largest = 0;
    double error = 0;
    for (int item = 0; item < 20; item++) {
      float[] expected = ((FloatTensor) floats.run(List.of(floats(network, item))).get(0)).data();
      TensorType type = quantized.inputs().get(0).type();
      Tensor input = type.isFloat() ? floats(network, item) : new IntegerTensor(type, pixels(item));
      float[] actual = ((FloatTensor) integers.run(List.of(input)).get(0)).data();
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        error = Math.max(error, Math.abs(expected[i] - actual[i]));
      }
    }
    return error / largest;
  }

  @Test
  void eightBitsAreCloseAndFourAreNot() {
    Calibration calibration = Calibration.ofExtremes(20);
    for (Architecture architecture : List.of(Architecture.LENET_300_100, Architecture.LENET_5)) {
      Network network = architecture.build(ITEM, 10, 3);
      QuantizationPlan eight = QuantizationPlan.eightBits(calibration);
      double close = error(network, quantized(network, eight, true));
      assertTrue(close < 0.04, architecture + ": " + close);
      QuantizationPlan four =
          new QuantizationPlan(4, Map.of(), true, WeightScale.LARGEST, 8, false, calibration);
      double far = error(network, quantized(network, four, true));
      assertTrue(far > 2 * close && far < 0.5, architecture + ": " + far);
    }
  }

  @Test
  void allFormsOfInputsScalesAndZeroPoints() {
    Network network = Architecture.LENET_5.build(ITEM, 10, 4);
    for (boolean perChannel : List.of(false, true)) {
      for (boolean asymmetric : List.of(false, true)) {
        QuantizationPlan plan =
            new QuantizationPlan(
                8,
                Map.of("ip1", 16),
                perChannel,
                WeightScale.SQUARED_ERROR,
                8,
                asymmetric,
                new Calibration(20, 0.9999, RangeRule.COVERED));
        for (boolean bytes : List.of(false, true)) {
          Graph graph = quantized(network, plan, bytes);
          assertEquals(bytes, graph.inputs().get(0).type().isInteger());
          double error = error(network, graph);
          assertTrue(error < 0.05, plan + ": " + error);
        }
      }
    }
  }

  /** A channel that training has left hardly any weights has a bias all the same. */
  @Test
  void biasesOfChannelsWithoutWeightsFitTheAccumulator() {
    Network network =
        new Network(
            GraphParser.parse(
                "test.etch",
                """
                graph "dead"
                input %x : float32[1, 2]
                %w = constant() {weights = DenseWeights{tensor = float32[2, 2] [1.0, -1.0, 1.0e-12, 2.0e-12]}} : float32[2, 2]
                %b = constant() {weights = DenseWeights{tensor = float32[2] [0.25, -0.5]}} : float32[2]
                %y = dense(%x, %w, %b) : float32[1, 2]
                output %y
                """));
    FloatTensor input = FloatTensor.of(Shape.of(1, 2), 0.5f, 1);
    QuantizationPlan plan =
        new QuantizationPlan(
            8, Map.of(), true, WeightScale.LARGEST, 8, false, Calibration.ofExtremes(1));
    Graph quantized =
        Quantizer.quantize(
            Model.of(network),
            plan.ranges(network.graph(), 1, item -> input),
            plan,
            Optional.empty());
    Graph integers = StandardPasses.prepare(quantized, new DiagnosticCollector()).whole();
    float[] scores = ((FloatTensor) new Interpreter(integers).run(List.of(input)).get(0)).data();
    assertArrayEquals(new float[] {-0.25f, -0.5f}, scores, 0.01f);
  }

  @Test
  void theResultIsPrintedAndRead() {
    Network network = Architecture.LENET_300_100.build(ITEM, 10, 1);
    QuantizationPlan plan = QuantizationPlan.eightBits(Calibration.ofExtremes(3));
    Graph graph = quantized(network, plan, true);
    String text = GraphPrinter.print(graph);
    assertEquals(text, GraphPrinter.print(GraphParser.parse("model.etch", text)));
  }

  @Test
  void scalesOfLeastErrorAreNotThoseOfTheLargest() {
    float[] weights = {0.1f, -0.1f, 0.1f, -0.1f, 1};
    Quantization largest = WeightScale.LARGEST.of(weights, 1, false, 2);
    Quantization least =
        WeightScale.SQUARED_ERROR.of(new float[] {1, -1, 1, -1, 1.5f}, 1, false, 2);
    assertEquals(1, largest.scale(0));
    assertTrue(least.scale(0) < 1.2f, least.toString());
    Quantization channels = WeightScale.LARGEST.of(new float[] {1, -2, 0, 0}, 2, true, 8);
    assertEquals(List.of(2 / 127f, 1f), channels.scales());
  }

  /** Of all powers of two, none has a smaller error. */
  @Test
  void scalesArePowersOfTwo() {
    SplittableRandom random = new SplittableRandom(6);
    for (int bits : new int[] {2, 4, 8}) {
      float[] weights = new float[100];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian() / bits;
      }
      Quantization chosen = WeightScale.POWER_OF_TWO.of(weights, 1, false, bits);
      assertEquals(Math.scalb(1f, Math.getExponent(chosen.scale(0))), chosen.scale(0));
      for (int exponent = -20; exponent < 10; exponent++) {
        Quantization other = Quantization.perTensor(chosen.type(), Math.scalb(1f, exponent), 0);
        assertTrue(squares(weights, chosen) <= squares(weights, other), bits + " " + exponent);
      }
    }
    assertEquals(1, WeightScale.POWER_OF_TWO.of(new float[4], 1, false, 8).scale(0), 1);
  }

  private static double squares(float[] weights, Quantization quantization) {
    float[] rounded = new Grid(quantization).restrict(weights);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += Math.pow(weights[i] - (double) rounded[i], 2);
    }
    return sum;
  }

  @Test
  void gridsAreThoseOfTheOperators() {
    Grid grid = new Grid(Quantization.perTensor(new IntegerType(3, true), 0.5f, 0));
    float[] values = {0.2f, 0.3f, -9, 1.6f, 1.7f, 2};
    assertArrayEquals(new float[] {0, 0.5f, -1.5f, 1.5f, 1.5f, 1.5f}, grid.restrict(values));
    float[] ones = {1, 1, 1, 1, 1, 1};
    assertArrayEquals(new float[] {1, 1, 0, 1, 1, 0}, grid.gradient(values, ones));
  }

  /** Of numbers from 1 to 1000, 990 are not above 990; bins there are 4 wide. */
  @Test
  void quantilesAreThoseOfSorting() {
    MagnitudeHistogram histogram = new MagnitudeHistogram();
    for (int i = 1; i <= 1000; i++) {
      histogram.add(i);
    }
    assertEquals(990, histogram.quantile(0.99), 4);
    assertEquals(500, histogram.quantile(0.5), 4);
    assertEquals(1000, histogram.quantile(1));
    assertEquals(0, new MagnitudeHistogram().quantile(1));
  }

  @Test
  void percentilesAreOfTheElementsOfAllItems() {
    Network network = Architecture.LENET_300_100.build(ITEM, 10, 1);
    float all = high(network, new Calibration(20, 1, RangeRule.COVERED));
    float most = high(network, new Calibration(20, 0.9, RangeRule.COVERED));
    assertTrue(most < 0.95 * all && most > 0.1 * all, most + " of " + all);
  }

  /** What the scores of some items reach. */
  private static float high(Network network, Calibration calibration) {
    return QuantizationPlan.eightBits(calibration)
        .ranges(network.graph(), 20, i -> floats(network, i))
        .get(network.scores())
        .high();
  }

  private static QuantizationPlan plan(int bits, boolean asymmetric, Calibration calibration) {
    return new QuantizationPlan(
        8, Map.of(), true, WeightScale.LARGEST, bits, asymmetric, calibration);
  }

  /** The ranges that are tried, each with the error that it really has. */
  @ParameterizedTest
  @CsvSource({"2, false", "3, true", "4, false", "4, true"})
  void theRangeOfTheLeastSquaredErrorIsFound(int bits, boolean asymmetric) {
    Network network =
        new Network(
            GraphParser.parse(
                "test.etch",
                """
                graph "one"
                input %x : float32[1, 20000]
                %w = constant() {weights = DenseWeights{tensor = float32[1, 20000] x"ZEROS"}} : float32[1, 20000]
                %y = dense(%x, %w) : float32[1, 1]
                output %y
                """
                    .replace("ZEROS", "00000000".repeat(20000))));
    Random random = new Random(1);
    float[] data = new float[20000];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
    }
    FloatTensor input = new FloatTensor(network.input().type(), data);
    QuantizationPlan plan = plan(bits, asymmetric, new Calibration(1, 1, RangeRule.SQUARED_ERROR));
    ActivationRange found = plan.ranges(network.graph(), 1, i -> input).get(network.input());
    ActivationRange covered =
        plan(bits, asymmetric, Calibration.ofExtremes(1))
            .ranges(network.graph(), 1, i -> input)
            .get(network.input());
    double least = Double.POSITIVE_INFINITY;
    for (int i = 1; i <= 64; i++) {
      ActivationRange tried = new ActivationRange(covered.low() * i / 64, covered.high() * i / 64);
      least = Math.min(least, squaredError(data, plan.ofActivations(tried)));
    }
    double error = squaredError(data, plan.ofActivations(found));
    assertTrue(error <= 1.01 * least, error + " of " + least);
    assertTrue(error < 0.9 * squaredError(data, plan.ofActivations(covered)), "was cut off");
  }

  private static double squaredError(float[] data, Quantization quantization) {
    double sum = 0;
    for (float element : data) {
      double error = element - quantization.dequantize((int) quantization.quantize(element, 0), 0);
      sum += error * error;
    }
    return sum;
  }

  /** Few bits of activations lose less. */
  @Test
  void networksOfFewBitsLoseLessByTheSquaredError() {
    Network network = Architecture.LENET_5.build(ITEM, 10, 4);
    double covered =
        error(network, quantized(network, plan(2, false, Calibration.ofExtremes(20)), true));
    double least =
        error(
            network,
            quantized(
                network, plan(2, false, new Calibration(20, 1, RangeRule.SQUARED_ERROR)), true));
    assertTrue(least < 0.9 * covered, least + " of " + covered);
  }

  /** Activations of 1, 2, 4, 8 and 16 bits; scores keep 8, or few bits would make them equal. */
  @Test
  void moreBitsOfActivationsAreCloser() {
    Network network = Architecture.LENET_5.build(ITEM, 10, 4);
    // As far as scores that are all 0.
    double before = 1;
    for (int bits : List.of(1, 2, 4, 8, 16)) {
      QuantizationPlan plan =
          new QuantizationPlan(
              12,
              Map.of(),
              true,
              WeightScale.LARGEST,
              bits,
              false,
              new Calibration(20, 1, RangeRule.SQUARED_ERROR));
      Graph graph = quantized(network, plan, true);
      List<Integer> types =
          graph.nodes().stream()
              .filter(node -> node.op() instanceof Quantize)
              .map(node -> ((Quantize) node.op()).quantization().type().bits())
              .toList();
      assertEquals(Math.max(8, bits), types.get(types.size() - 1));
      // Those in front of a max pool have both signs.
      Set<Integer> inside = Set.copyOf(types.subList(0, types.size() - 1));
      assertEquals(bits == 1 ? Set.of(1, 2) : Set.of(bits), inside);
      double error = error(network, graph);
      assertTrue(error < before, bits + " bits: " + error);
      before = error;
    }
    assertTrue(before < 0.01, "16 bits: " + before);
  }

  /** One bit has no room for both signs. */
  @Test
  void oneBitOfBothSignsIsTwo() {
    assertEquals(new IntegerType(1, false), ActivationRange.of(0, 2).symmetric(1).type());
    assertEquals(new IntegerType(2, true), ActivationRange.of(-1, 2).symmetric(1).type());
    assertEquals(2, ActivationRange.of(-1, 2).symmetric(1).scale(0));
    assertEquals(3, ActivationRange.of(-1, 2).asymmetric(1).scale(0));
  }

  @Test
  void rangesAndTheirIntegers() {
    assertEquals(IntegerType.UINT8, ActivationRange.of(0.5f, 2).symmetric(8).type());
    assertEquals(2 / 255f, ActivationRange.of(0.5f, 2).symmetric(8).scale(0));
    assertEquals(4 / 127f, ActivationRange.of(-4, 2).symmetric(8).scale(0));
    Quantization asymmetric = ActivationRange.of(-1, 3).asymmetric(8);
    assertEquals(64, asymmetric.zeroPoint(0));
    assertEquals(1, ActivationRange.of(0, 0).symmetric(8).scale(0));
  }
}
