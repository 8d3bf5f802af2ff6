// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * Multiplies two streams element by element: {@code requantizer((left - leftZeroPoint) * (right -
 * rightZeroPoint))}. The product is made of adders (the right operand's radix-4 digits select
 * multiples of the left one), so it takes none of the multipliers that the layers share. A pipeline
 * of {@link #STAGES} registers that moves as {@link MapUnit} says; it takes a beat if both queues
 * are not empty.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param left first operand
 * @param right second operand, with as many elements and beats
 * @param output product, with as many elements and beats
 * @param leftZeroPoint subtracted from the first operand
 * @param rightZeroPoint subtracted from the second operand
 * @param requantizer product to output element, of one channel
 */
public record MultiplyUnit(
    String name,
    String layer,
    Stream left,
    Stream right,
    Stream output,
    int leftZeroPoint,
    int rightZeroPoint,
    Requantizer requantizer)
    implements Unit {
  /** Registers of the product, operands included. */
  public static final int PRODUCT_STAGES = 3;

  /** Registers from input to output queue. */
  public static final int STAGES = PipelineStages.REQUANTIZER + PRODUCT_STAGES;

  public MultiplyUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    if (left.type().elements() != output.type().elements()
        || right.type().elements() != output.type().elements()
        || left.beatsPerFrame() != output.beatsPerFrame()
        || right.beatsPerFrame() != output.beatsPerFrame()) {
      throw new IllegalArgumentException("as many elements out as in");
    }
    Objects.requireNonNull(requantizer);
  }

  /** The products of the smallest and largest operands. */
  public List<BigInteger> products() {
    List<BigInteger> lefts = ends(left, leftZeroPoint);
    List<BigInteger> rights = ends(right, rightZeroPoint);
    return lefts.stream().flatMap(l -> rights.stream().map(l::multiply)).toList();
  }

  private static List<BigInteger> ends(Stream operand, int zeroPoint) {
    IntegerType type = operand.type().element();
    return List.of(
        BigInteger.valueOf(type.minimum() - (long) zeroPoint),
        BigInteger.valueOf(type.maximum() - (long) zeroPoint));
  }

  /** The output element for two operands. */
  public long apply(int leftOperand, int rightOperand) {
    long product = (leftOperand - (long) leftZeroPoint) * (rightOperand - (long) rightZeroPoint);
    return requantizer.apply(0, product);
  }

  @Override
  public boolean loads() {
    return requantizer.loads();
  }

  @Override
  public List<Stream> inputs() {
    return List.of(left, right);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.multiply(this);
  }
}
