// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.data.ExternalData;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.importer.onnx.format.FunctionProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.nio.file.Path;

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
    return new GraphReader(model.getGraph(), file.toString(), operatorSets, tensors, diagnostics)
        .read();
  }
}
