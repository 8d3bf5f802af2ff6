// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.OperatorSetIdProto;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.util.HashMap;
import java.util.Map;

/** The operator sets that a model imports; readers depend on their versions. */
final class OperatorSets {
  /** Oldest ONNX operator set that is read. */
  static final int OLDEST = 7;

  /** Newest ONNX operator set that is read. */
  static final int NEWEST = 23;

  private final Map<String, Long> versions = new HashMap<>();

  private OperatorSets() {}

  /** The sets of a model; reports a missing or unsupported one of ONNX itself. */
  static OperatorSets of(ModelProto model, Location location, DiagnosticCollector diagnostics) {
    OperatorSets sets = new OperatorSets();
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      String domain = domain(set.getDomain());
      Long other = sets.versions.put(domain, set.getVersion());
      if (other != null && other != set.getVersion()) {
        diagnostics.error(
            location, "operator set of one domain is imported in versions that differ", "");
      }
    }
    String help = "export with an opset from " + OLDEST + " to " + NEWEST;
    Long version = sets.versions.get(OperatorRegistry.ONNX);
    if (version == null) {
      diagnostics.error(location, "the model does not say which ONNX opset it uses", help);
    } else if (version < OLDEST || version > NEWEST) {
      diagnostics.error(location, "opset " + version + " is not supported", help);
    }
    return sets;
  }

  /** {@code ai.onnx} is another name of ONNX's own domain. */
  static String domain(String domain) {
    return domain.equals("ai.onnx") ? OperatorRegistry.ONNX : domain;
  }

  /** Version of a domain that is imported; 1 for one that is not. */
  int version(String domain) {
    long version = versions.getOrDefault(domain, 1L);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, version));
  }
}
