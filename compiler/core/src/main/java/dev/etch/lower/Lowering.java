// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Target;
import dev.etch.op.ArgMax;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.tensor.IntegerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Integer graph to hardware: first the stages, then, with a folding for each, the design. */
public final class Lowering {
  private static final OperatorLowering NOTHING = (node, plan) -> {};

  private static final Map<Class<? extends Op>, OperatorLowering> OPERATORS =
      Map.ofEntries(
          Map.entry(ArgMax.class, new ArgMaxLowering()),
          Map.entry(BilinearResize2d.class, new BilinearResize2dLowering()),
          Map.entry(Concat.class, new ConcatLowering()),
          Map.entry(Constant.class, NOTHING),
          Map.entry(IntegerConv2d.class, new IntegerConv2dLowering()),
          Map.entry(IntegerDense.class, new IntegerDenseLowering()),
          Map.entry(IntegerMultiply.class, new IntegerMultiplyLowering()),
          Map.entry(IntegerSumPool2d.class, new IntegerSumPool2dLowering()),
          Map.entry(Lookup.class, new LookupLowering()),
          Map.entry(MaxPool2d.class, new MaxPool2dLowering()),
          Map.entry(NearestResize2d.class, new NearestResize2dLowering()),
          Map.entry(Pad.class, new PadLowering()),
          Map.entry(QuantizedAdd.class, new QuantizedAddLowering()),
          Map.entry(Requantize.class, new RequantizeLowering()),
          Map.entry(Reshape.class, new ReshapeLowering()),
          Map.entry(QuantizedSoftmax.class, SoftmaxLowering.ofFixedPoint()),
          Map.entry(Slice.class, new SliceLowering()),
          Map.entry(TableSoftmax.class, SoftmaxLowering.ofTables()),
          Map.entry(Transpose.class, new TransposeLowering()));

  private Lowering() {}

  /** Operators that become hardware. */
  public static Set<Class<? extends Op>> operators() {
    return OPERATORS.keySet();
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
        OPERATORS.get(node.op().getClass()).lower(node, builder);
      }
    }
    PlanBuilder.View output = builder.view(graph.outputs().get(0));
    Plan plan =
        new Plan(
            model,
            builder.stages(),
            source,
            output.edge(),
            new LoweredModel.Meaning(graph.outputs().get(0), output.order()));
    return PadFolding.run(plan);
  }

  /**
   * The design with a folding for each window stage; queues still have the least depth.
   *
   * @param foldings by layer; one for every window stage
   * @param arrays layers that use the same multipliers
   * @param programs makes the static schedules
   * @param target says how many products a multiplier makes
   */
  public static LoweredModel build(
      Plan plan,
      Map<String, Folding> foldings,
      List<SharedLayers> arrays,
      ProgramSource programs,
      Target target) {
    return new DesignBuilder(plan, new LinkedHashMap<>(foldings), arrays, programs, target).build();
  }

  /**
   * Whether a graph can become hardware.
   *
   * @throws DiagnosticException with all messages if it cannot
   */
  public static void validate(Graph graph, DiagnosticCollector diagnostics) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw new CompilerBug("the accelerator part has one input and one output");
    }
    for (Value end : new Value[] {graph.inputs().get(0), graph.outputs().get(0)}) {
      if (!(end.type().element() instanceof IntegerType)) {
        throw new CompilerBug("the accelerator part works on integers, not on " + end);
      }
    }
    for (Node node : graph.nodes()) {
      OperatorLowering lowering = OPERATORS.get(node.op().getClass());
      if (isEmpty(node)) {
        diagnostics.error(
            node.location(),
            "its result has no elements: " + node.output().type(),
            "convert the model with at least one element on every axis");
      } else if (lowering == null) {
        diagnostics.error(
            node.location(),
            node.op().getClass().getSimpleName() + " has no hardware form yet",
            isInteger(node)
                ? "compute it on the host, or replace it in the model"
                : "quantize the model so that this layer works on integers");
      } else {
        lowering.validate(node, graph, diagnostics);
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
