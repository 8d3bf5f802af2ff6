// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.Diagnostic.Severity;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.lower.ExactArithmetic;
import dev.etch.op.Constant;
import dev.etch.optimize.Deviation;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Scheduler;
import dev.etch.templates.driver.DriverProject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a model.
 *
 * @param graph as imported
 * @param layers one a node that is not a constant; of the integer graph if the model can become one
 * @param integer whether the layers are those of the integer graph
 * @param problems what keeps it from becoming hardware
 * @param warnings what a user should know of the hardware that it becomes
 */
record Inspection(
    Graph graph,
    List<Layer> layers,
    boolean integer,
    List<Diagnostic> problems,
    List<Diagnostic> warnings) {

  /** A row of the table. */
  record Layer(
      String name,
      String operator,
      String place,
      String output,
      String weights,
      double sparsity,
      MultiplyAccumulates work) {}

  static Inspection of(Path file, ModelOptions reading) {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = Pipeline.read(file, reading, diagnostics);
    try {
      PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
      List<Layer> layers = new ArrayList<>();
      layers.addAll(layers(model.before(), "host"));
      layers.addAll(layers(model.accelerator(), "accelerator"));
      layers.addAll(layers(model.after(), "host"));
      check(model, graph, reading.strict(), diagnostics);
      return new Inspection(
          graph,
          layers,
          true,
          of(diagnostics.diagnostics(), Severity.ERROR),
          of(diagnostics.diagnostics(), Severity.WARNING));
    } catch (DiagnosticException e) {
      return new Inspection(
          graph,
          layers(graph, "model"),
          false,
          of(e.diagnostics(), Severity.ERROR),
          of(e.diagnostics(), Severity.WARNING));
    }
  }

  private static List<Diagnostic> of(List<Diagnostic> all, Severity severity) {
    return all.stream().filter(d -> d.severity() == severity).toList();
  }

  /** Leaves in {@code diagnostics} what a compilation would report. */
  private static void check(
      PartitionedModel model, Graph graph, boolean strict, DiagnosticCollector diagnostics) {
    Deviation.report(model, strict, diagnostics);
    DiagnosticCollector lowering = new DiagnosticCollector();
    try {
      DriverProject.check(model, graph);
      Scheduler.plan(model, ExactArithmetic::analyze, lowering);
      lowering.diagnostics().forEach(diagnostics::report);
    } catch (DiagnosticException e) {
      e.diagnostics().forEach(diagnostics::report);
    }
  }

  private static List<Layer> layers(Graph graph, String place) {
    Map<Value, Node> producers = graph.producers();
    return graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Constant))
        .map(node -> layer(node, producers, place))
        .toList();
  }

  private static Layer layer(Node node, Map<Value, Node> producers, String place) {
    MultiplyAccumulates work = MultiplyAccumulates.of(node, producers);
    Optional<Value> weights =
        work.all() == 0 ? Optional.empty() : Optional.of(node.inputs().get(1));
    double sparsity = work.all() == 0 ? 0 : 1 - (double) work.nonzero() / work.all();
    return new Layer(
        node.name(),
        node.op().getClass().getSimpleName(),
        place,
        node.output().type().toString(),
        weights.map(w -> w.type().toString()).orElse(""),
        sparsity,
        work);
  }

  private MultiplyAccumulates total() {
    return layers.stream().map(Layer::work).reduce(MultiplyAccumulates.NONE, (a, b) -> a.plus(b));
  }

  String toTable() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "model %s%n", Printable.of(graph.name())));
    graph.inputs().forEach(v -> text.append("input  ").append(describe(v)).append('\n'));
    graph.outputs().forEach(v -> text.append("output ").append(describe(v)).append('\n'));
    FrameworkArithmetic.of(graph).ifPresent(a -> text.append("arithmetic ").append(a).append('\n'));
    text.append(
        String.format(
            Locale.ROOT,
            "%n%-34s %-18s %-12s %-24s %-24s %7s %12s %12s%n",
            "layer",
            "operator",
            "where",
            "output",
            "weights",
            "zeros",
            "MACs",
            "nonzero"));
    for (Layer layer : layers) {
      text.append(row(layer));
    }
    MultiplyAccumulates total = total();
    text.append(
        String.format(
            Locale.ROOT,
            "%-34s %-18s %-12s %-24s %-24s %7s %,12d %,12d%n",
            "total",
            "",
            "",
            "",
            "",
            "",
            total.all(),
            total.nonzero()));
    return text.toString();
  }

  private static String row(Layer layer) {
    boolean hasWork = layer.work().all() > 0;
    return String.format(
        Locale.ROOT,
        "%-34s %-18s %-12s %-24s %-24s %7s %12s %12s%n",
        shorten(Printable.of(layer.name())),
        layer.operator(),
        layer.place(),
        layer.output(),
        layer.weights(),
        hasWork ? String.format(Locale.ROOT, "%.1f %%", 100 * layer.sparsity()) : "",
        hasWork ? String.format(Locale.ROOT, "%,d", layer.work().all()) : "",
        hasWork ? String.format(Locale.ROOT, "%,d", layer.work().nonzero()) : "");
  }

  private static String shorten(String name) {
    return name.length() <= 34 ? name : "..." + name.substring(name.length() - 31);
  }

  private static String describe(Value value) {
    return Printable.of(value.name()) + ": " + value.type();
  }

  String toJson() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model", graph.name());
    all.put("inputs", graph.inputs().stream().map(Inspection::json).toList());
    all.put("outputs", graph.outputs().stream().map(Inspection::json).toList());
    all.put("macs", total().all());
    all.put("nonzeroMacs", total().nonzero());
    FrameworkArithmetic.of(graph).ifPresent(a -> all.put("arithmetic", a));
    all.put("supported", problems.isEmpty());
    all.put("layers", layers.stream().map(Inspection::json).toList());
    all.put("warnings", warnings.stream().map(Diagnostic::toString).toList());
    all.put("problems", problems.stream().map(Diagnostic::toString).toList());
    return Json.print(all) + "\n";
  }

  private static Map<String, Object> json(Value value) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", value.name());
    json.put("elementType", value.type().element().toString());
    json.put("shape", value.type().shape().dimensions());
    return json;
  }

  private static Map<String, Object> json(Layer layer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", layer.name());
    json.put("operator", layer.operator());
    json.put("where", layer.place());
    json.put("output", layer.output());
    json.put("weights", layer.weights());
    json.put("sparsity", layer.sparsity());
    json.put("macs", layer.work().all());
    json.put("nonzeroMacs", layer.work().nonzero());
    return json;
  }
}
