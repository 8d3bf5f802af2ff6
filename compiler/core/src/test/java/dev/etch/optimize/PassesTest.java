// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Clip;
import dev.etch.op.Concat;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Pad;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Softmax;
import dev.etch.op.Transpose;
import dev.etch.op.Window;
import dev.etch.optimize.integer.IntegerizeQuantizedOperators;
import dev.etch.pass.Pass;
import dev.etch.pass.PassRunner;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PassesTest {
  private static final Shape IMAGE = Shape.of(1, 2, 6, 6);
  private static final Window POOL = new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0);

  /** A random chain of quantized layers: each quantization may differ from floats by its step. */
  @Property(tries = 60)
  void integersAreWithinTheirStepsOfFloats(@ForAll long seed) {
    QuantizedModels models = new QuantizedModels(seed);
    Value x = models.quantized(models.input(IMAGE));
    Value layer = randomLayer(models, x);
    Quantization quantization = models.randomQuantization();
    Graph graph =
        models.finish(models.dequantize(models.quantize(layer, quantization), quantization));
    PartitionedModel model = StandardPasses.prepare(graph, new DiagnosticCollector());
    assertTrue(
        model.accelerator().nodes().stream().allMatch(n -> !n.output().type().isFloat()),
        "floats in the accelerator");
    FloatTensor input = QuantizedModels.randomInput(models.random, IMAGE);
    float[] wanted = ((FloatTensor) QuantizedModels.run(graph, input)).data();
    Tensor integers =
        QuantizedModels.run(model.accelerator(), QuantizedModels.run(model.before(), input));
    float[] ours = ((FloatTensor) QuantizedModels.run(model.after(), integers)).data();
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], ours[i], tolerance(graph), "element " + i);
    }
  }

  /** Each quantization after the input's may round to the neighbour, and the next passes it on. */
  private static float tolerance(Graph graph) {
    double steps =
        graph.nodes().stream()
            .filter(node -> node.op() instanceof Quantize)
            .skip(1)
            .mapToDouble(node -> ((Quantize) node.op()).quantization().scale(0))
            .sum();
    return (float) (steps * 1.01);
  }

  /** The same scale before and behind a pool of an even count: ties. A scale of its own: none. */
  @Test
  void averagesThatAreOftenTiesAreReported() {
    for (double factor : new double[] {1, 1.3137}) {
      QuantizedModels models = new QuantizedModels(3);
      Quantization before = Quantization.perTensor(IntegerType.INT8, .05f, 3);
      Quantization behind = Quantization.perTensor(IntegerType.INT8, (float) (.05f * factor), 3);
      Value x = models.dequantize(models.quantize(models.input(IMAGE), before), before);
      Value pooled = models.op(new AveragePool2d(POOL, Layout.NCHW, true, false), x);
      Graph graph = models.finish(models.dequantize(models.quantize(pooled, behind), behind));
      DiagnosticCollector diagnostics = new DiagnosticCollector();
      PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
      Deviation.report(model, false, diagnostics);
      assertEquals(
          factor == 1 ? 1 : 0,
          diagnostics.diagnostics().size(),
          diagnostics.diagnostics().toString());
    }
  }

  private static Value randomLayer(QuantizedModels models, Value x) {
    switch (models.random.nextInt(8)) {
      case 0:
        return models.op(new Relu(), models.convolution(x, 3));
      case 1:
        return models.op(new Clip(-.4f, .9f), x);
      case 2:
        return models.op(new Add(), x, models.quantized(models.convolution(x, 2)));
      case 3:
        return models.op(new AveragePool2d(POOL, Layout.NCHW, true, false), x);
      case 4:
        return models.op(new MaxPool2d(POOL, Layout.NCHW), models.convolution(x, 2));
      case 5:
        return models.op(
            new Concat(1), models.op(new Relu(), x), models.quantized(models.convolution(x, 3)));
      case 6:
        return models.op(new Pad(List.of(0, 0, 1, 0), List.of(0, 0, 2, 1), .25), x);
      default:
        Value flat = models.op(new Reshape(List.of(1, 72)), x);
        return models.op(
            new Dense(), flat, models.weights(IntegerType.INT8, 127, .001f, Shape.of(5, 72)));
    }
  }

  /** The passes that keep values, each on a graph with something for it to do. */
  @Property(tries = 20)
  void passesKeepValues(@ForAll long seed) {
    QuantizedModels models = new QuantizedModels(seed);
    Value x = models.input(IMAGE);
    Value moved = models.op(new Transpose(List.of(0, 2, 3, 1)), x);
    moved = models.op(new Transpose(List.of(0, 3, 1, 2)), moved);
    moved = models.op(new Reshape(List.of(2, 36)), moved);
    moved = models.op(new Reshape(List.of(1, 2, 6, 6)), moved);
    Value folded = models.op(new Relu(), constant(models, IMAGE));
    models.op(new Relu(), moved);
    Value sum = models.op(new Add(), moved, folded);
    Graph graph = models.finish(sum);
    for (Pass pass :
        List.of(
            new FoldConstants(),
            new RemoveIdentities(),
            new EliminateDeadCode(),
            new MergeActivation())) {
      Graph result = pass.run(graph, new DiagnosticCollector());
      FloatTensor input = QuantizedModels.randomInput(models.random, IMAGE);
      assertEquals(
          QuantizedModels.run(graph, input), QuantizedModels.run(result, input), pass.name());
      assertEquals(graph.outputs(), result.outputs());
    }
    Graph small =
        new PassRunner(
                List.of(new FoldConstants(), new RemoveIdentities(), new EliminateDeadCode()))
            .run(graph, new DiagnosticCollector());
    assertEquals(List.of("Constant", "Add"), operators(small).toList());
  }

  @Property(tries = 20)
  void batchNormalizationFoldsIntoAConvolution(@ForAll long seed) {
    QuantizedModels models = new QuantizedModels(seed);
    Value x = models.input(IMAGE);
    Value weights = constant(models, Shape.of(3, 2, 3, 3));
    Value layer = models.op(new Conv2d(Window.of(3, 3), Layout.NCHW, 1), x, weights);
    Value[] operands = new Value[5];
    operands[0] = layer;
    for (int i = 1; i < 5; i++) {
      float[] data = new float[3];
      for (int c = 0; c < 3; c++) {
        data[c] = models.random.nextFloat() + .1f;
      }
      operands[i] =
          models.builder.constant(
              "n" + i, FloatTensor.of(Shape.of(3), data), models.at("Constant"));
    }
    Graph graph = models.finish(models.op(new BatchNormalization(1e-5f, 1), operands));
    Graph folded =
        new PassRunner(List.of(new FoldBatchNormalization(), new EliminateDeadCode()))
            .run(graph, new DiagnosticCollector());
    assertEquals(0, operators(folded).filter(n -> n.equals("BatchNormalization")).count());
    FloatTensor input = QuantizedModels.randomInput(models.random, IMAGE);
    float[] wanted = ((FloatTensor) QuantizedModels.run(graph, input)).data();
    float[] ours = ((FloatTensor) QuantizedModels.run(folded, input)).data();
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], ours[i], 1e-3f * (1 + Math.abs(wanted[i])));
    }
  }

  @Test
  void aLastLayerWithoutQuantizeLeavesItsSums() {
    QuantizedModels models = new QuantizedModels(5);
    Value flat = models.op(new Reshape(List.of(1, 72)), models.quantized(models.input(IMAGE)));
    Value dense =
        models.op(new Dense(), flat, models.weights(IntegerType.INT8, 127, .001f, Shape.of(5, 72)));
    Graph graph = models.finish(models.op(new Softmax(1), dense));
    PartitionedModel model = StandardPasses.prepare(graph, new DiagnosticCollector());
    assertEquals(IntegerType.INT32, model.accelerator().outputs().get(0).type().element());
    assertEquals(List.of("Dequantize", "Softmax"), operators(model.after()).toList());
  }

  @Test
  void theCauseOfFloatsBetweenQuantizedLayersIsNamedOnce() {
    QuantizedModels models = new QuantizedModels(6);
    Value x = models.quantized(models.input(IMAGE));
    Value first = models.quantized(models.convolution(x, 2));
    Value soft = models.op(new Softmax(1), first);
    Value again = models.op(new Softmax(2), soft);
    Graph graph = models.finish(models.quantized(models.convolution(models.quantized(again), 2)));
    DiagnosticException refused =
        assertThrows(
            DiagnosticException.class,
            () -> StandardPasses.prepare(graph, new DiagnosticCollector()));
    assertEquals(1, refused.diagnostics().size(), refused.getMessage());
    assertTrue(refused.getMessage().contains("(Softmax)"), refused.getMessage());
    assertTrue(refused.getMessage().contains("put QuantizeLinear"), refused.getMessage());
  }

  @Test
  void aFloatModelIsRefusedWithTheNumberOfItsLayers() {
    QuantizedModels models = new QuantizedModels(7);
    Value x = models.input(IMAGE);
    Graph graph = models.finish(models.op(new Relu(), models.op(new Relu(), x)));
    DiagnosticException refused =
        assertThrows(
            DiagnosticException.class,
            () -> StandardPasses.prepare(graph, new DiagnosticCollector()));
    assertEquals(1, refused.diagnostics().size(), refused.getMessage());
    assertTrue(refused.getMessage().contains("and 1 more of it"), refused.getMessage());
  }

  @Test
  void aBiasOfAnotherScaleIsRefused() {
    QuantizedModels models = new QuantizedModels(8);
    Value flat = models.op(new Reshape(List.of(1, 72)), models.quantized(models.input(IMAGE)));
    Value weights = models.weights(IntegerType.INT8, 127, .001f, Shape.of(5, 72));
    Value bias = models.weights(IntegerType.INT32, 1000, .5f, Shape.of(5));
    Graph graph = models.finish(models.quantized(models.op(new Dense(), flat, weights, bias)));
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    new IntegerizeQuantizedOperators().run(graph, diagnostics);
    assertTrue(diagnostics.hasErrors());
    assertTrue(diagnostics.diagnostics().get(0).message().contains("bias"));
  }

  @Test
  void theRunnerTimesAndDumpsEachPass() {
    QuantizedModels models = new QuantizedModels(9);
    Graph graph =
        models.finish(
            models.quantized(models.convolution(models.quantized(models.input(IMAGE)), 2)));
    List<String> dumped = new ArrayList<>();
    PassRunner runner =
        new PassRunner(StandardPasses.list(), (pass, result) -> dumped.add(pass.name()));
    runner.run(graph, new DiagnosticCollector());
    assertEquals(StandardPasses.list().stream().map(Pass::name).toList(), dumped);
    assertEquals(dumped, runner.timings().stream().map(PassRunner.Timing::pass).toList());
  }

  private static Value constant(QuantizedModels models, Shape shape) {
    return models.builder.constant(
        "c", QuantizedModels.randomInput(new Random(1), shape), models.at("Constant"));
  }

  private static Stream<String> operators(Graph graph) {
    return graph.nodes().stream().map(n -> n.op().getClass().getSimpleName());
  }
}
