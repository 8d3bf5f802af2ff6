// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.Graph;
import dev.etch.importer.Cut;
import dev.etch.importer.onnx.data.ExternalData;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.importer.onnx.format.FunctionProto;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.nio.file.Path;
import java.util.Optional;

/** Reads ONNX models: QDQ, QOperator and float, with constant data in any of ONNX's forms. */
public final class OnnxImporter {
  private OnnxImporter() {}

  /**
   * The model as a graph.
   *
   * @param file an .onnx file; external data must be in its folder
   * @param diagnostics gets warnings, and the errors before they are thrown
   * @throws DiagnosticException with everything that is wrong, not only the first
   */
  public static Graph read(Path file, DiagnosticCollector diagnostics) {
    return read(file, Cut.NONE, diagnostics);
  }

  /** A part of the model as a graph, as {@link #read(Path, DiagnosticCollector)}. */
  public static Graph read(Path file, Cut cut, DiagnosticCollector diagnostics) {
    ModelProto model = ModelReader.read(file);
    Location location = Location.file(file.toString());
    if (!model.hasGraph()) {
      throw new DiagnosticException(
          location, "not an ONNX model: there is no graph in it", "give an exported .onnx file");
    }
    OperatorSets operatorSets = OperatorSets.of(model, location, diagnostics);
    for (FunctionProto function : model.getFunctionsList()) {
      if (OperatorRegistry.find(OperatorSets.domain(function.getDomain()), function.getName())
          .isPresent()) {
        diagnostics.error(
            location,
            "the model redefines operator '" + function.getName() + "' as a function of its own",
            "inline the model's functions before the export");
      }
    }
    Path folder = file.toAbsolutePath().getParent();
    TensorReader tensors = new TensorReader(new ExternalData(folder));
    GraphProto graph =
        ProtoCut.of(
            model.getGraph(),
            cut,
            file.toString(),
            part -> type(part, file.toString(), operatorSets, tensors));
    return new GraphReader(graph, file.toString(), operatorSets, tensors, diagnostics).read();
  }

  /** The type of a part's only output, which the file does not state. */
  private static TypeProto type(
      GraphProto part, String file, OperatorSets operatorSets, TensorReader tensors) {
    Optional<TypeProto> type = Optional.empty();
    try {
      DiagnosticCollector ignored = new DiagnosticCollector();
      Graph graph = new GraphReader(part, file, operatorSets, tensors, ignored).read();
      type = GraphInputs.proto(graph.outputs().get(0).type());
    } catch (DiagnosticException e) {
      // What lies in front of the cut cannot be read, so that its types are unknown.
    }
    String name = part.getOutput(0).getName();
    return type.orElseThrow(
        () ->
            new DiagnosticException(
                Location.file(file),
                "--inputs: the file does not state the type of '" + Printable.of(name) + "'",
                "add the types of all tensors with onnx.shape_inference.infer_shapes"));
  }
}
