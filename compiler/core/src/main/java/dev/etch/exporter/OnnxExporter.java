// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;

/**
 * Writes a float network, or its quantized form with QuantizeLinear and DequantizeLinear, as ONNX
 * (operator set 17). Sparse weights become a sparse initializer, clustered ones a Gather from their
 * codebook. Weights of fewer than 8 bits are stored as int8, which is the same function.
 */
public final class OnnxExporter {
  private OnnxExporter() {}

  /**
   * The bytes of a model file.
   *
   * @throws DiagnosticException naming the first node that ONNX has no form for
   */
  public static byte[] export(Graph graph) {
    OnnxFile file = new OnnxFile(graph.name());
    OnnxValues values = new OnnxValues(graph, file);
    try {
      graph.inputs().forEach(input -> file.input(values.define(input), input));
    } catch (NotInOnnx e) {
      throw problem(Location.file(graph.name()), e);
    }
    for (Node node : graph.nodes()) {
      try {
        OnnxOperators.write(node, values);
      } catch (NotInOnnx e) {
        throw problem(node.location(), e);
      }
    }
    for (Value output : graph.outputs()) {
      file.output(values.get(output), output);
    }
    return file.bytes();
  }

  private static DiagnosticException problem(Location location, NotInOnnx e) {
    return new DiagnosticException(
        location, "this cannot be written as ONNX: " + e.getMessage(), e.help());
  }
}
