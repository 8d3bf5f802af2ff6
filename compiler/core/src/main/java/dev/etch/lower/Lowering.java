// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.Target;
import dev.etch.op.Add;
import dev.etch.op.ArgMax;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.BatchToSpace;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Clip;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Extremum;
import dev.etch.op.FunctionOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.InterpolatedSoftmax;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Multiply;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.PRelu;
import dev.etch.op.Pad;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedLogSoftmax;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.RealQuantize;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Integer graph to hardware: first the stages, then, with a folding for each, the design. */
public final class Lowering {
  private static final OperatorLowering NOTHING = (node, plan) -> {};

  private static final OperatorTable<OperatorLowering> OPERATORS =
      OperatorTable.<OperatorLowering>of("lowering")
          .with(new ArgMaxLowering(), ArgMax.class)
          .with(new BilinearResize2dLowering(), BilinearResize2d.class)
          .with(new ConcatLowering(), Concat.class)
          .with(NOTHING, Constant.class)
          .with(new IntegerConv2dLowering(), IntegerConv2d.class)
          .with(new IntegerDenseLowering(), IntegerDense.class)
          .with(new IntegerMultiplyLowering(), IntegerMultiply.class)
          .with(new IntegerSumPool2dLowering(), IntegerSumPool2d.class)
          .with(new LookupLowering(), Lookup.class)
          .with(new MaxPool2dLowering(), MaxPool2d.class)
          .with(new NearestResize2dLowering(), NearestResize2d.class)
          .with(new PadLowering(), Pad.class)
          .with(new QuantizedAddLowering(), QuantizedAdd.class)
          .with(new RequantizeLowering(), Requantize.class)
          .with(new ReshapeLowering(), Reshape.class)
          .with(SoftmaxLowering.ofFixedPoint(), QuantizedSoftmax.class)
          .with(new SliceLowering(), Slice.class)
          .with(SoftmaxLowering.ofTables(), TableSoftmax.class)
          .with(new TransposeLowering(), Transpose.class)
          .without(
              "its integer form, between quantizations",
              FunctionOp.class,
              Add.class,
              AveragePool2d.class,
              Clip.class,
              Conv2d.class,
              ConvTranspose2d.class,
              Dense.class,
              Extremum.class,
              Linear.class,
              LinearResize2d.class,
              Multiply.class,
              PRelu.class,
              ReduceMean2d.class,
              Relu.class)
          .without(
              "folded into the layer before it, or part of a staircase", BatchNormalization.class)
          .without("dilation of the convolutions before it", BatchToSpace.class)
          .without("dilation of the convolutions behind it", SpaceToBatch.class)
          .without(
              "on the host, or part of an integer layer",
              Dequantize.class,
              Quantize.class,
              RealQuantize.class)
          .without(
              "on the host",
              InterpolatedSoftmax.class,
              LogSoftmax.class,
              QuantizedLogSoftmax.class,
              QuantizeTiesAway.class,
              Softmax.class)
          .without("by the reference only: hardware has no states yet", IntegerLstm.class)
          .build();

  private Lowering() {}

  /** Operators that become hardware. */
  public static Set<Class<? extends Op>> operators() {
    return OPERATORS.operators();
  }

  /** What becomes of the others. */
  public static Map<Class<? extends Op>, String> reasons() {
    return OPERATORS.reasons();
  }

  /**
   * The stages of a model's accelerator part.
   *
   * @param graph the model's accelerator part, or one that computes the same
   * @param analysis finds widths and hardware forms
   * @param diagnostics gets an error for everything that cannot become hardware
   * @throws DiagnosticException with all messages if there are errors
   */
  public static Plan plan(
      PartitionedModel model,
      Graph graph,
      Arithmetic.Analysis analysis,
      DiagnosticCollector diagnostics) {
    Arithmetic arithmetic = analysis.analyze(graph, diagnostics);
    diagnostics.throwIfErrors();
    PlanBuilder builder = new PlanBuilder(graph, arithmetic);
    Edge source = builder.declare(graph.inputs().get(0));
    for (Node node : graph.nodes()) {
      if (!builder.isDone(node)) {
        OPERATORS.get(node.op()).lower(node, builder);
      }
    }
    List<Plan.Output> outputs = new ArrayList<>();
    for (Value output : graph.outputs()) {
      PlanBuilder.View view = builder.view(output);
      outputs.add(new Plan.Output(view.edge(), new LoweredModel.Meaning(output, view.order())));
    }
    return PadFolding.run(new Plan(model, graph, builder.stages(), source, outputs));
  }

  /**
   * The design with a folding for each window stage; queues still have the least depth.
   *
   * @param foldings by layer; one for every window stage
   * @param arrays layers that use the same multipliers
   * @param programs makes the static schedules
   * @param target says how many products a multiplier makes
   * @param memory outside, for layers that read their words from there
   */
  public static LoweredModel build(
      Plan plan,
      Map<String, Folding> foldings,
      List<SharedLayers> arrays,
      ProgramSource programs,
      Target target,
      ExternalMemory memory) {
    return new DesignBuilder(plan, new LinkedHashMap<>(foldings), arrays, programs, target, memory)
        .build();
  }

  /**
   * Whether a graph can become hardware.
   *
   * @throws DiagnosticException with all messages if it cannot
   */
  public static void validate(Graph graph, DiagnosticCollector diagnostics) {
    if (graph.inputs().size() != 1 || graph.outputs().isEmpty()) {
      throw new CompilerBug("the accelerator part has one input and at least one output");
    }
    if (graph.outputs().size() > Design.MOST_OUTPUTS) {
      diagnostics.error(
          Location.file(graph.name()),
          "the quantized part of the model has %d outputs, and an accelerator at most %d"
              .formatted(graph.outputs().size(), Design.MOST_OUTPUTS),
          "end at fewer tensors, with --outputs NAME,NAME");
    }
    List<Value> ends = new ArrayList<>(graph.inputs());
    ends.addAll(graph.outputs());
    for (Value end : ends) {
      if (!(end.type().element() instanceof IntegerType)) {
        throw new CompilerBug("the accelerator part works on integers, not on " + end);
      }
    }
    for (Node node : graph.nodes()) {
      Optional<OperatorLowering> lowering = OPERATORS.find(node.op());
      if (isEmpty(node)) {
        diagnostics.error(
            node.location(),
            "its result has no elements: " + node.output().type(),
            "convert the model with at least one element on every axis");
      } else if (lowering.isEmpty()) {
        diagnostics.error(
            node.location(),
            node.op().getClass().getSimpleName() + " has no hardware form yet",
            isInteger(node)
                ? "compute it on the host, or replace it in the model"
                : "quantize the model so that this layer works on integers");
      } else {
        lowering.get().validate(node, graph, diagnostics);
      }
    }
    diagnostics.throwIfErrors();
  }

  private static boolean isEmpty(Node node) {
    return node.output().type().shape().elements() == 0;
  }

  private static boolean isInteger(Node node) {
    return node.inputs().stream().allMatch(operand -> operand.type().isInteger());
  }
}
