// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.CutAdvice;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.util.List;
import java.util.Map;

/** What to say about an operator that has no reader. */
final class UnsupportedOperators {
  private static final String QONNX =
      "QONNX operators are read in the domains "
          + String.join(", ", OperatorRegistry.QONNX)
          + ", or export as ONNX QDQ (QuantizeLinear/DequantizeLinear)";
  private static final String SMOOTH =
      "smooth functions are not integer hardware: use Relu or Clip, and quantize again";
  private static final String RECURRENT = "recurrent layers are not supported; use convolutions";
  private static final String DYNAMIC =
      "quantize statically, with calibration data, so that scales are constant";

  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("Quant", QONNX),
          Map.entry("BipolarQuant", QONNX),
          Map.entry("Trunc", QONNX),
          Map.entry("FloatQuant", QONNX),
          Map.entry("MultiThreshold", "export before FINN turns quantizers into thresholds"),
          Map.entry("Sigmoid", SMOOTH),
          Map.entry("Tanh", SMOOTH),
          Map.entry("Erf", SMOOTH),
          Map.entry("Gelu", SMOOTH),
          Map.entry("Elu", SMOOTH),
          Map.entry("HardSigmoid", SMOOTH),
          Map.entry("HardSwish", SMOOTH),
          Map.entry("LeakyRelu", "use Relu, and train again"),
          Map.entry("PRelu", "use Relu, and train again"),
          Map.entry("LSTM", RECURRENT),
          Map.entry("GRU", RECURRENT),
          Map.entry("RNN", RECURRENT),
          Map.entry("DynamicQuantizeLinear", DYNAMIC),
          Map.entry("DynamicQuantizeMatMul", DYNAMIC),
          Map.entry("ReduceMean", "use GlobalAveragePool, then Flatten"),
          Map.entry("Sum", "use Add"),
          Map.entry(
              "LayerNormalization",
              "train with BatchNormalization, which folds into the layer in front of it, or compute"
                  + " it on the host: cut the model around it with --outputs and --inputs"),
          Map.entry("If", "export one branch"),
          Map.entry("Loop", "unroll the loop at export"),
          Map.entry("Scan", "unroll the loop at export"));

  private UnsupportedOperators() {}

  /**
   * Why the operator is refused, and what would work instead.
   *
   * @param operands computed tensors that the node reads
   */
  static Refusal refusal(String domain, String operator, List<String> operands) {
    String from = domain.isEmpty() ? "of ONNX" : "of domain '" + Printable.of(domain) + "'";
    return new Refusal(
        "operator '" + Printable.of(operator) + "' " + from + " is not supported: it has no reader",
        ADVICE.containsKey(operator) ? ADVICE.get(operator) : cut(operands));
  }

  private static String cut(List<String> operands) {
    return "replace it by supported operators (README, table of operators); or, if it is"
        + " post-processing, that is host code: cut it off with "
        + (operands.isEmpty() ? "--outputs NAME" : CutAdvice.outputs(operands));
  }
}
