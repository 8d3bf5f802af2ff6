// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.SharedModels;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.lower.ExactArithmetic;
import dev.etch.lower.Plan;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official models cut into host and accelerator: same values, and exact hardware forms. */
class AcceleratedModelsTest {
  private static final long SEED = 3;

  @ParameterizedTest
  @CsvSource({
    "ic_resnet8, QuantizedSoftmax",
    "kws_dscnn, QuantizedSoftmax",
    "vww_mobilenetv1, QuantizedSoftmax",
    "ad_autoencoder, ''"
  })
  void cutAndPlanned(String name, String onHost) {
    Graph graph =
        TfliteImporter.read(
            SharedModels.require("mlperf-tiny/" + name + "_int8.tflite"),
            TfliteKernels.CURRENT,
            new DiagnosticCollector());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
    assertEquals(List.of(), model.before().nodes());
    assertEquals(
        onHost.isEmpty() ? List.of() : List.of(onHost),
        model.after().nodes().stream().map(n -> n.op().getClass().getSimpleName()).toList());
    Tensor input = random(graph.inputs().get(0).type());
    List<Tensor> result =
        new Interpreter(model.after())
            .run(new Interpreter(model.accelerator()).run(List.of(input)));
    assertEquals(new Interpreter(graph).run(List.of(input)), result);
    Plan plan = Scheduler.plan(model, ExactArithmetic::analyze, diagnostics);
    assertEquals(List.of(), diagnostics.diagnostics());
    assertEquals(model, plan.model());
  }

  @Test
  void aTableBecomesHardware() {
    TestModel model = new TestModel();
    int x = model.tensor("x", TestModel.INT8, 0.1f, 0, 1, 4);
    int y = model.tensor("y", TestModel.INT8, 1f / 128, 0, 1, 4);
    model.operator(BuiltinOperator.TANH, y, x);
    Graph graph = TestRun.read(model.build(new int[] {x}, y));
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel parts = StandardPasses.prepare(graph, diagnostics);
    assertEquals(1, Scheduler.plan(parts, ExactArithmetic::analyze, diagnostics).stages().size());
  }

  private static Tensor random(TensorType type) {
    Random random = new Random(SEED);
    int[] data = random.ints(type.shape().elements(), -128, 128).toArray();
    return new IntegerTensor(type, data);
  }
}
