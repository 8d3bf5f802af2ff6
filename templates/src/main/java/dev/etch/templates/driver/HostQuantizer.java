// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.op.RealQuantize;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import dev.etch.templates.SafeText;
import dev.etch.templates.driver.HostStep.ArrayType;
import dev.etch.templates.driver.HostStep.Method;
import dev.etch.templates.driver.HostStep.Table;
import dev.etch.templates.driver.HostStep.TableName;
import dev.etch.tensor.TensorType;
import java.util.List;

/** QONNX's quantizers as one call of HostMath: all kinds are cases of one formula. */
final class HostQuantizer {
  private HostQuantizer() {}

  /**
   * One quantizer as {@code kind(clamp((x / scale, for Truncated rounded to even) / divisor +
   * zeroPoint))}.
   */
  private record Form(float scale, float divisor, int zeroPoint, int low, int high, Kind kind) {
    /** Whether both differ in scale and zero point at most. */
    boolean isLike(Form other) {
      return new Form(other.scale, divisor, other.zeroPoint, low, high, kind).equals(other);
    }
  }

  /** What rounds, as HostMath numbers it: the roundings in their order, then the signs. */
  private record Kind(int number) {
    private static final int SIGNS = RealRounding.values().length;
    static final Kind BIPOLAR = new Kind(SIGNS);
    static final Kind TERNARY = new Kind(SIGNS + 1);
    static final Kind LINEAR = new Kind(SIGNS + 2);

    static Kind of(RealRounding rounding) {
      return new Kind(rounding.ordinal());
    }
  }

  private static Form form(RealQuantizer quantizer) {
    if (quantizer instanceof RealQuantizer.Uniform q) {
      return new Form(q.scale(), 0, q.zeroPoint(), q.low(), q.high(), Kind.of(q.rounding()));
    }
    if (quantizer instanceof RealQuantizer.Truncated q) {
      return new Form(q.scale(), q.divisor(), 0, q.low(), q.high(), Kind.of(q.rounding()));
    }
    if (quantizer instanceof RealQuantizer.Linear q) {
      return new Form(q.scale(), 0, q.zeroPoint(), q.low(), q.high(), Kind.LINEAR);
    }
    if (quantizer instanceof RealQuantizer.Bipolar q) {
      return new Form(q.scale(), 0, q.zeroPoint(), q.low(), q.high(), Kind.BIPOLAR);
    }
    return new Form(1, 0, 0, quantizer.low(), quantizer.high(), Kind.TERNARY);
  }

  static HostStep step(int index, RealQuantize op, TensorType operand) {
    List<Form> forms = op.channels().stream().map(HostQuantizer::form).toList();
    Form first = forms.get(0);
    if (forms.stream().anyMatch(form -> !form.isLike(first))) {
      throw new CompilerBug("quantizers of channels differ in more than scale and zero point");
    }
    return new HostStep(
        index,
        Method.QUANTIZE_REAL,
        ArrayType.INTS,
        List.of(
            HostProgram.table(TableName.SCALES, forms.stream().map(Form::scale).toList()),
            new Table(
                TableName.ZERO_POINTS,
                ArrayType.INTS,
                SafeText.javaInts(forms.stream().map(Form::zeroPoint).toList()))),
        List.of(
            SafeText.javaInt(
                forms.size() == 1 ? 1 : HostProgram.stride(operand.shape(), op.channelAxis())),
            SafeText.javaFloat(first.divisor()),
            SafeText.javaInt(first.low()),
            SafeText.javaInt(first.high()),
            SafeText.javaInt(first.kind().number())));
  }
}
