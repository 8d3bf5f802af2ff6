// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

/** Recodings of constants that keep multiplications by them small. */
object Digits {

  /** Canonical signed digits, lowest first: (place, whether negative). The fewest nonzero digits that
    * any signed binary form has (Reitwiesner 1960).
    */
  def canonical(value: BigInt): Seq[(Int, Boolean)] = {
    val digits = Seq.newBuilder[(Int, Boolean)]
    var rest = value
    var place = 0
    while (rest != 0) {
      if (rest.testBit(0)) {
        val negative = (rest & 3) == 3
        digits += ((place, negative))
        rest += (if (negative) 1 else -1)
      }
      rest >>= 1
      place += 1
    }
    digits.result()
  }

  /** Radix-4 digits of -2 to 2, lowest first, `count` of them (Booth's recoding as MacSorley modified
    * it): value = sum of digit(i) * 4^i.
    */
  def radix4(value: BigInt, count: Int): Seq[Int] =
    (0 until count).map { i =>
      def bit(place: Int) = if (place >= 0 && value.testBit(place)) 1 else 0
      bit(2 * i - 1) + bit(2 * i) - 2 * bit(2 * i + 1)
    }

  /** Radix-4 digits that any of `values` needs. */
  def radix4Count(values: Seq[BigInt]): Int =
    values.map(value => (value.bitLength + 2) / 2).max
}
