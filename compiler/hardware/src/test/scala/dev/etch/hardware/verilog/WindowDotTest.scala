// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.WindowUnit.Operation
import dev.etch.hardware._
import dev.etch.hardware.requantizer.Offset
import dev.etch.tensor.IntegerType
import org.junit.jupiter.api.Assertions.{assertEquals, assertFalse}
import org.junit.jupiter.api.Test

import scala.jdk.CollectionConverters._
import scala.util.Random

/** Lanes that make a word of products at once, on binary, ternary and two-bit elements. */
final class WindowDotTest {

  @Test
  def binaryElementsAreXnorsAndAPopulationCount(): scala.Unit =
    check(new IntegerType(1, false), 16, 6, 3, 2, zeros = false, seed = 1)

  @Test
  def ternaryWeightsOnSignedElements(): scala.Unit =
    check(new IntegerType(2, true), 7, 5, 1, 2, zeros = true, seed = 2)

  @Test
  def ternaryWeightsOnUnsignedElements(): scala.Unit =
    check(new IntegerType(2, false), 16, 4, 4, 1, zeros = true, seed = 3)

  @Test
  def aWordOfOneGroup(): scala.Unit =
    check(new IntegerType(1, false), 4, 4, 2, 1, zeros = true, seed = 4)

  private def check(
      element: IntegerType,
      word: Int,
      outputs: Int,
      clusters: Int,
      lanes: Int,
      zeros: Boolean,
      seed: Int
  ): scala.Unit = {
    val random = new Random(seed)
    val geometry = Geometry(1, 2, 5, word, 1, 1, 0)
    def weight = if (zeros) random.nextInt(3) - 1 else random.nextInt(2) * 2 - 1
    val weights = Seq.fill(outputs)(Seq.fill(5)(Seq.fill(word)(weight)))
    val packed = weights.map(_.zipWithIndex.map { case (list, address) =>
      Term(address, 0, PackedWeights.pack(list: _*))
    })
    val offsets = Seq.fill(outputs)(Long.box(random.between(-20L, 20L)))
    val made = Windows.make(
      geometry, packed, clusters, lanes, Operation.DOT, element, new IntegerType(10, true),
      new Offset(offsets.asJava), new IntegerType(9, true), slack = 1, random = random)
    // What is expected comes from the single products.
    val terms = weights.map(_.zipWithIndex.flatMap { case (list, address) =>
      list.zipWithIndex.map { case (w, e) => Term(address, e, w) }
    })
    val window = Window(made.unit, terms)
    val design = Designs.of(window.unit)
    val frames = Seq.fill(4)(Designs.values(random, element, 2 * 5 * word))
    val expected = frames.flatMap(window.expected)
    for (stall <- Seq((0, 0), (60, 0), (0, 70), (40, 40))) {
      val trace = Simulation.run(design, frames, Simulation.Options(stall._1, stall._2))
      assertEquals(expected, trace.elements, s"stalls $stall")
    }
    Timing.check(design, frames)
  }

  @Test
  def weightsComeBackFromTheirWord(): scala.Unit = {
    val weights = Seq(1, -1, 0, 1, 1, 0, -1, -1, 0, 0, 1, -1, 1, -1, 0, -1)
    val packed = PackedWeights.pack(weights: _*)
    assertEquals(weights, weights.indices.map(PackedWeights.of(packed, _)))
    assertFalse(packed == 0)
  }
}
