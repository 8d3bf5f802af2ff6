// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.coding.ModelSize;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.Quantizer;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Progress;
import dev.etch.compress.training.Trainer;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.op.Quantization;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.BatchRunner;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.testbench.Accuracy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a recipe. Behind each step the model is quantized, and its accuracy is that of the integer
 * graph, run by the reference: what the hardware gives.
 */
public final class Compression {
  private static final int BATCH = 500;

  private final Trainer trainer;
  private final Optional<Items> test;
  private final QuantizationPlan plan;
  private final int threads;
  private final Progress progress;

  /**
   * A compression.
   *
   * @param test items that nothing is chosen by; none, or without labels, and no accuracy is
   *     measured
   * @param threads of the reference
   */
  public Compression(
      Trainer trainer,
      Optional<Items> test,
      QuantizationPlan plan,
      int threads,
      Progress progress) {
    this.trainer = trainer;
    this.test = test.filter(items -> items.data().isLabelled());
    this.plan = plan;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * The model behind the last step.
   *
   * @param listener gets the result of each step that changes the network when it is there; first,
   *     that of none
   */
  public Model run(Model model, List<Step> steps, long seed, Consumer<StepResult> listener) {
    listener.accept(measure("given", model));
    Model last = model;
    for (int i = 0; i < steps.size(); i++) {
      Model given = last;
      last = steps.get(i).apply(given, trainer, seed + i);
      if (last.network().equals(given.network())) {
        continue;
      }
      listener.accept(measure(steps.get(i).title(), last));
    }
    return last;
  }

  /** What came of all steps together; nothing is measured between them. */
  public StepResult result(String title, Model model, List<Step> steps, long seed) {
    Model last = model;
    for (int i = 0; i < steps.size(); i++) {
      last = steps.get(i).apply(last, trainer, seed + i);
    }
    return measure(title, last);
  }

  private StepResult measure(String title, Model model) {
    Graph quantized = quantize(Fold.isPossible(model) ? Fold.fold(model) : model);
    return new StepResult(
        title,
        model,
        quantized,
        ModelSize.of(quantized),
        test.map(items -> trainer.accuracy(model, items, BATCH)),
        test.map(items -> accuracy(quantized, items)));
  }

  private Graph quantize(Model model) {
    Items items = trainer.items();
    TensorType input = model.network().input().type();
    Calibration calibration = plan.calibration();
    CalibrationItems chosen = CalibrationItems.of(items.data(), calibration.items());
    return Quantizer.quantize(
        model,
        plan.ranges(
            model.network().graph(),
            chosen.count(),
            number -> new FloatTensor(input, items.item(chosen.item(number)))),
        plan,
        items.data().hasBytes() ? Optional.of(ofBytes(items.normalization())) : Optional.empty());
  }

  private static Quantization ofBytes(Normalization normalization) {
    return Quantization.perTensor(
        IntegerType.UINT8, normalization.scale(), normalization.zeroPoint());
  }

  private Accuracy accuracy(Graph quantized, Items items) {
    Graph integers = StandardPasses.prepare(quantized, new DiagnosticCollector()).whole();
    TensorType input = integers.inputs().get(0).type();
    List<List<Tensor>> outputs =
        new BatchRunner(new Interpreter(integers), threads)
            .run(
                items.count(),
                item ->
                    List.of(
                        input.isFloat() ? floats(items, item, input) : bytes(items, item, input)),
                done -> progress.at("reference", done, items.count()));
    List<Tensor> scores = outputs.stream().map(results -> results.get(0)).toList();
    return Accuracy.of(scores, item -> items.data().labels()[item]);
  }

  private static Tensor floats(Items items, int item, TensorType input) {
    return new FloatTensor(input, items.item(item));
  }

  private static Tensor bytes(Items items, int item, TensorType input) {
    return new IntegerTensor(input, items.bytes(item));
  }

  /** Bytes of a model's parameters as float32. */
  public static long floatBytes(Model model) {
    Map<String, float[]> arrays = model.network().parameters().arrays();
    return arrays.values().stream().mapToLong(array -> (long) Float.BYTES * array.length).sum();
  }
}
