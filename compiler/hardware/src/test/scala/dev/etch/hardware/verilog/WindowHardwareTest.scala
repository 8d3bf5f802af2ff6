// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.WindowBuffer.Banks
import dev.etch.hardware.WindowUnit.Operation
import dev.etch.hardware._
import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.{CentredScale, Corrected, FloatScale, Offset, Scale, Thresholds, TwoPieceScale}
import dev.etch.tensor.IntegerType
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

import scala.jdk.CollectionConverters._
import scala.util.Random

final class WindowHardwareTest {
  private val int8 = IntegerType.INT8
  private val uint8 = IntegerType.UINT8

  @Test
  def sparseConvolutionWithSplitOutputs(): scala.Unit = {
    val random = new Random(1)
    val geometry = Geometry(5, 6, 1, 3, 3, 1, 1)
    val terms = sparse(geometry, 8, 0.4, random)
    val window = Windows.make(
      geometry, terms, 2, 3, Operation.MULTIPLY_ACCUMULATE, int8, int8,
      scale(8, random, TieRule.TO_EVEN), new IntegerType(20, true), padValue = -5, random = random)
    check(window, random)
  }

  @Test
  def denseLayerSharesPortsAndSpillsDrains(): scala.Unit = {
    val random = new Random(2)
    val geometry = Geometry(1, 1, 8, 2, 1, 1, 0)
    val terms = sparse(geometry, 6, 1.0, random)
    val window = Windows.make(
      geometry, terms, 6, 1, Operation.MULTIPLY_ACCUMULATE, uint8, uint8,
      scale(1, random, TieRule.TO_ODD, uint8), new IntegerType(22, true), random = random)
    assertEquals(1, LaneSharing.ports(window.unit.program, Banks.NONE).size)
    check(window, random)
  }

  /** Products of both signs, the extremes of both factors, lanes that are cut and lanes left over. */
  @Test
  def severalProductsOrNoneInAMultiplier(): scala.Unit =
    for ((products, seed) <- Seq(0, 2, 3, 4).zipWithIndex; input <- Seq(int8, uint8)) {
      val random = new Random(20 + seed)
      val geometry = Geometry(2, 3, 2, 1, 2, 1, 0)
      val extremes = Seq(-128, 127, -1, 0, 1)
      val terms = sparse(geometry, 10, 1.0, random).map(
        _.map(t => if (random.nextBoolean()) t.copy(weight = extremes(random.nextInt(5))) else t))
      val window = Windows.make(
        geometry, terms, 5, 2, Operation.MULTIPLY_ACCUMULATE, input, int8,
        scale(10, random, TieRule.NONE), new IntegerType(22, true), random = random,
        products = products)
      check(window, random)
    }

  /** Weights of 1, 2, 4, 5 and 8 bits. */
  @Test
  def productsFromAdders(): scala.Unit =
    for ((low, high) <- Seq((-1, -1), (-2, 1), (-8, 7), (-16, 15), (-128, 127))) {
      val random = new Random(high)
      val geometry = Geometry(2, 3, 2, 1, 2, 1, 0)
      val weights = Seq(low, high, math.max(low, -1))
      val terms = sparse(geometry, 4, 1.0, random).map(_.map(_.copy(weight = weights(random.nextInt(3)))))
      val window = Windows.make(
        geometry, terms, 2, 2, Operation.MULTIPLY_ACCUMULATE, if (high > 7) uint8 else int8, int8,
        scale(4, random, TieRule.NONE), new IntegerType(22, true), random = random, products = 0)
      check(window, random)
    }

  /** One, two and three banks; the last has one word, a few, or half. */
  @Test
  def schedulesDeeperThanAMemoryBlock(): scala.Unit =
    for ((steps, banks) <- Seq(2048 -> 1, 2049 -> 2, 2060 -> 2, 5120 -> 3)) {
      val random = new Random(steps)
      val geometry = Geometry(1, 1, 60, 2, 1, 1, 0)
      val terms = sparse(geometry, 15, 1.0, random)
      val window = Windows.make(
        geometry, terms, 5, 1, Operation.MULTIPLY_ACCUMULATE, int8, int8,
        scale(15, random, TieRule.TO_EVEN), new IntegerType(24, true), slack = steps - 3 * 120, random = random)
      val columns = WindowNetlist.of(window.unit).columns
      assertEquals(steps, columns.slots)
      assertEquals(banks, columns.words.asScala.find(_.stage == PipelineStages.OPERAND).get.banks.count)
      check(window, random)
    }

  @Test
  def stridedConvolutionThatLeavesBeatsUnread(): scala.Unit = {
    val random = new Random(3)
    val geometry = Geometry(6, 8, 2, 2, 3, 2, 0)
    val terms = sparse(geometry, 4, 0.5, random)
    val window = Windows.make(
      geometry, terms, 1, 2, Operation.MULTIPLY_ACCUMULATE, int8, new IntegerType(24, true),
      new Offset(java.util.List.of(5L, -7L, 100000L, 0L)), new IntegerType(23, true),
      slack = 3, random = random)
    check(window, random)
  }

  @Test
  def maximumPooling(): scala.Unit = {
    val random = new Random(4)
    val geometry = Geometry(4, 4, 2, 2, 2, 2, 0)
    val terms = (0 until 4).map { channel =>
      geometry.positions.filter { case (address, element) =>
        address % 2 * 2 + element == channel
      }.map { case (address, element) => Term(address, element, 1) }
    }
    val window = Windows.make(
      geometry, terms, 2, 1, Operation.MAXIMUM, int8, int8,
      new Offset(java.util.List.of(0L)), int8, reorderPixels = 4, random = random)
    check(window, random)
  }

  @Test
  def sumPoolingWithThresholds(): scala.Unit = {
    val random = new Random(5)
    val geometry = Geometry(4, 6, 1, 2, 2, 2, 0)
    val terms = (0 until 2).map { channel =>
      geometry.positions.filter(_._2 == channel).map { case (a, e) => Term(a, e, 1) }
    }
    val thresholds = Seq(Seq(-100L, -20L, 0L, 7L, 90L), Seq(-500L, 3L)).map(_.map(Long.box).asJava)
    val window = Windows.make(
      geometry, terms, 1, 1, Operation.SUM, int8, new IntegerType(4, true),
      new Thresholds(thresholds.asJava, -3), new IntegerType(10, true), random = random)
    check(window, random)
  }

  @Test
  def sumPoolingWithCorrections(): scala.Unit = {
    val random = new Random(7)
    val geometry = Geometry(4, 6, 1, 2, 2, 2, 0)
    val terms = (0 until 2).map { channel =>
      geometry.positions.filter(_._2 == channel).map { case (a, e) => Term(a, e, 1) }
    }
    def lists(values: Seq[Long]*) = values.map(_.map(Long.box).asJava).asJava
    val corrected = new Corrected(
      Seq(3000L, 5123L).map(Long.box).asJava, Seq(-700L, 9000L).map(Long.box).asJava, 12,
      TieRule.NONE, -9, 12, lists(Seq(-3L, 0L, 2L), Seq(1L)), lists(Seq(-1L), Seq(-4L, 0L, 3L)))
    val int3 = new IntegerType(3, true)
    val window = Windows.make(
      geometry, terms, 1, 1, Operation.SUM, int3, int8, corrected, new IntegerType(5, true),
      random = random)
    check(window, random)
  }

  /** Products next to ties on both sides, with multipliers of channels and with one for all, and a zero point that
    * the limits are not symmetrical around.
    */
  @Test
  def sumPoolingWithFloatProducts(): scala.Unit =
    for (
      (multipliers, biases, zero) <- Seq(
        (Seq((1L << 24) + 1, 3L << 23), Seq(0L, -3L), 0),
        (Seq((1L << 24) - 1, (3L << 23) - 1), Seq(-5L, 2L), 5),
        (Seq((1L << 24) + 3), Seq(1L), -3)
      )
    ) {
      val random = new Random(10)
      val geometry = Geometry(4, 6, 1, 2, 2, 2, 0)
      val terms = (0 until 2).map { channel =>
        geometry.positions.filter(_._2 == channel).map { case (a, e) => Term(a, e, 1) }
      }
      def longs(values: Seq[Long]) = values.map(Long.box).asJava
      val form = new FloatScale(longs(biases), longs(multipliers), 25, zero, -9, 12)
      val window = Windows.make(
        geometry, terms, 1, 1, Operation.SUM, new IntegerType(5, true), int8, form, new IntegerType(7, true),
        random = random)
      check(window, random)
    }

  /** One pivot and difference a channel, or one for all. */
  @Test
  def sumPoolingWithTwoPieces(): scala.Unit =
    for (
      (pivots, belows) <- Seq(
        (Seq(-6L, 4L), Seq(-4096L, -700L)),
        (Seq(0L), Seq(-2048L)),
        (Seq(3L, -5L), Seq(-3000L)),
        (Seq(-16L, 8L), Seq(0L, -5000L))
      )
    ) {
      val random = new Random(9)
      val geometry = Geometry(4, 6, 1, 2, 2, 2, 0)
      val terms = (0 until 2).map { channel =>
        geometry.positions.filter(_._2 == channel).map { case (a, e) => Term(a, e, 1) }
      }
      def longs(values: Seq[Long]) = values.map(Long.box).asJava
      val form = new TwoPieceScale(
        longs(Seq(3000L, 5123L)), longs(Seq(-700L, 9000L)), longs(pivots), longs(belows), 12, -9, 12)
      val window = Windows.make(
        geometry, terms, 1, 1, Operation.SUM, new IntegerType(3, true), int8, form, new IntegerType(5, true),
        random = random)
      check(window, random)
    }

  /** Sums far beyond the limits on both sides, and around every threshold between; with and without
    * exponents and corrections.
    */
  @Test
  def requantizersWithAMultiplier(): scala.Unit =
    for ((signed, seed) <- Seq(true, false).zipWithIndex) {
      val random = new Random(40 + seed)
      val geometry = Geometry(4, 4, 2, 2, 2, 1, 1)
      val terms = sparse(geometry, 6, 1.0, random)
      def longs(make: => Long) = Seq.fill(6)(Long.box(make)).asJava
      def places(count: Int) =
        Seq.fill(6)(Seq.fill(random.nextInt(count))(Long.box(random.nextInt(4000) - 2000L)).distinct.asJava).asJava
      val multipliers = longs(200000L + random.nextInt(8000000))
      val form = new CentredScale(
        longs(random.nextInt(4000) - 2000L),
        Seq.fill(6)(Int.box(if (signed) 2 else random.nextInt(4))).asJava,
        if (signed) multipliers else (Long.box(0) +: multipliers.asScala.tail).asJava,
        longs((random.nextInt(400000) - 200000L) * 40000L),
        if (signed) 18 else 12,
        29,
        if (signed) -128 else 0,
        if (signed) 127 else 255,
        if (signed) places(1) else places(3),
        if (signed) places(1) else places(2)
      )
      val window = Windows.make(
        geometry, terms, 2, 2, Operation.MULTIPLY_ACCUMULATE, int8, if (signed) int8 else uint8,
        form, new IntegerType(22, true), random = random)
      check(window, random)
    }

  @Test
  def outputsWithoutTerms(): scala.Unit = {
    val random = new Random(6)
    val geometry = Geometry(3, 3, 1, 1, 2, 1, 0)
    val terms = Seq(Seq(), Seq(Term(0, 0, 3)), Seq(Term(4, 0, -128), Term(1, 0, 127)), Seq())
    val window = Windows.make(
      geometry, terms, 2, 2, Operation.MULTIPLY_ACCUMULATE, int8, int8,
      scale(4, random, TieRule.NONE), new IntegerType(17, true), random = random)
    check(window, random)
  }

  @Test
  def threeLayersShareAnArrayOfMultipliers(): scala.Unit = {
    val random = new Random(8)
    def layer(geometry: Geometry, outputs: Int, clusters: Int, lanes: Int, from: IntegerType, density: Double) =
      Windows.make(
        geometry, sparse(geometry, outputs, density, random), clusters, lanes, Operation.MULTIPLY_ACCUMULATE,
        from, int8, scale(outputs, random, TieRule.TO_EVEN), new IntegerType(20 + clusters, true),
        padValue = 2, reorderPixels = 4, random = random)
    val first = layer(Geometry(4, 6, 1, 3, 3, 1, 1), 4, 2, 3, uint8, 0.5)
    val second = layer(Geometry(4, 6, 2, 2, 2, 1, 0), 3, 1, 2, int8, 0.9)
    val third = layer(Geometry(1, 1, 45, 1, 1, 1, 0), 4, 4, 1, int8, 0.7)
    val layers = Designs.joined(Seq(first, second, third).map(_.unit))
    val alone = Designs.chain(layers.head.input, layers.last.output, 4, layers: _*)
    val array = new SharedArray("array_0", layers.map(_.name).asJava)
    val design = new Design(
      alone.name, alone.units, alone.depths, alone.input, alone.outputs, java.util.List.of(array))
    assertEquals(6, design.lanes(array))
    val frames = Seq.fill(4)(Designs.values(random, uint8, 4 * 6 * 3))
    val expected = frames.flatMap(f => third.expected(second.expected(first.expected(f))))
    check(design, frames, expected)
  }


  private def check(window: Window, random: Random): scala.Unit = {
    val count = window.unit.input.beatsPerFrame * window.unit.input.`type`.elements
    val frames = Seq.fill(3)(Designs.values(random, window.unit.input.`type`.element, count))
    check(Designs.of(window.unit), frames, frames.flatMap(window.expected))
  }

  private def check(design: Design, frames: Seq[Seq[Int]], expected: Seq[Int]): scala.Unit = {
    for (stall <- Seq((0, 0), (60, 0), (0, 70), (40, 40))) {
      val trace = Simulation.run(design, frames, Simulation.Options(stall._1, stall._2))
      assertEquals(expected, trace.elements, s"stalls $stall")
    }
    Timing.check(design, frames)
    val reset = Simulation.Options(resetAfter = design.input.beatsPerFrame * 3 / 2)
    assertEquals(expected, Simulation.run(design, frames, reset).elements, "after a reset")
  }

  private def sparse(geometry: Geometry, outputs: Int, density: Double, random: Random) =
    Seq.fill(outputs)(
      geometry.positions.filter(_ => random.nextDouble() < density).map { case (a, e) =>
        Term(a, e, random.between(-128, 128))
      }
    )

  private def scale(channels: Int, random: Random, rule: TieRule, output: IntegerType = int8) = {
    val multipliers = Seq.fill(channels)(Long.box(random.between(1L, 1L << 14)))
    val offsets = Seq.fill(channels)(Long.box(random.between(-(1L << 20), 1L << 20)))
    new Scale(
      multipliers.asJava, offsets.asJava, 18, rule, output.minimum.toInt, output.maximum.toInt)
  }
}
