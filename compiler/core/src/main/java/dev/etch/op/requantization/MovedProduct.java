// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's QLinearMul whose output it moved from int8 to uint8 first: the zero point that is
 * added in float32 is another one.
 *
 * @param product with the moved zero point and limits
 * @param output subtracted from the moved result
 */
public record MovedProduct(ScaleThenShift product, int output) implements Requantization {
  @Override
  public int apply(long accumulator) {
    return product.apply(accumulator) - output;
  }

  @Override
  public int low() {
    return product.low() - output;
  }

  @Override
  public int high() {
    return product.high() - output;
  }

  @Override
  public double ratio() {
    return product.ratio();
  }

  @Override
  public MovedProduct withLimits(int least, int most) {
    return new MovedProduct(product.withLimits(least + output, most + output), output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.movedProduct(this);
  }
}
