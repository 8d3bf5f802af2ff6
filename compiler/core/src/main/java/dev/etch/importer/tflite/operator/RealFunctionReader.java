// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;

/** GELU and ELU of 8 bits: the kernels make a table of a function of real numbers. */
final class RealFunctionReader implements OperatorReader {
  private static final int APPROXIMATE = 0;

  private final Kind kind;

  RealFunctionReader(Kind kind) {
    this.kind = kind;
  }

  /** Which function. */
  enum Kind {
    GELU,
    ELU
  }

  @Override
  public String notes() {
    return kind == Kind.ELU ? "int8, by table" : "int8 and uint8, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.checkEightBits(input, output);
    if (kind == Kind.ELU && !input.type().signed()) {
      throw new Refusal("elements of type " + input.type(), "TFLite's ELU is of int8");
    }
    boolean approximates = kind == Kind.GELU && node.options().bool(APPROXIMATE);
    node.finish(
        RealTable.of(
            input,
            output,
            kind == Kind.ELU
                ? RealFunctions::elu
                : approximates ? RealFunctions::approximateGelu : RealFunctions::gelu),
        node.value(0));
  }
}
