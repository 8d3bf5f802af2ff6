// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.SignedDigits
import spinal.core._

import scala.jdk.CollectionConverters._

/** Products with constants as sums of shifted operands. */
object ShiftAdd {

  /** Rows whose sum, plus [[SignedDigits.canonicalRest]], is `operand * factor`: a negative row is inverted
    * only.
    */
  def rows(operand: SInt, factor: BigInt): Seq[SInt] =
    SignedDigits.canonical(factor.bigInteger).asScala.toSeq.map { digit =>
      (if (digit.negative) ~operand else operand) << digit.place
    }
}
