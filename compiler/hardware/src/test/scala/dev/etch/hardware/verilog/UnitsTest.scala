// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware._
import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.{BiasedScale, FloatScale, Offset, Requantizer, Scale, SharedScale, Table, Thresholds}
import dev.etch.op.requantization.QuantizedMultiplier
import dev.etch.op.{QuantizedSoftmax, TableSoftmax}
import dev.etch.tensor.{IntegerTensor, IntegerType, Shape}
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

import scala.jdk.CollectionConverters._
import scala.util.Random

/** The units other than the window engine: values under random stalls, and cycles. */
final class UnitsTest {
  private val int8 = IntegerType.INT8
  private val uint8 = IntegerType.UINT8
  private val random = new Random(11)

  @Test
  def mapWithScalesOfEachChannel(): scala.Unit = {
    val multipliers = Seq(1L, 77L, -300L, 0L, 1023L, -1L).map(Long.box)
    val offsets = Seq(0L, 512L, -5L, 900L, 1L << 15, 2L).map(Long.box)
    for (rule <- TieRule.values) {
      val form = new Scale(multipliers.asJava, offsets.asJava, 9, rule, -128, 100)
      checkMap(form, uint8, int8, 6)
    }
  }

  @Test
  def mapWithOneScale(): scala.Unit = {
    val one = (value: Long) => java.util.List.of(Long.box(value))
    checkMap(new Scale(one(2731), one(4096), 13, TieRule.TO_EVEN, 0, 255), int8, uint8, 2)
    checkMap(new Scale(one(3), one(0), 0, TieRule.TO_ODD, -128, 127), int8, int8, 2)
    checkMap(new Scale(one(1), one(1000), 1, TieRule.NONE, -8, 7), int8, new IntegerType(4, true), 2)
    checkMap(new Scale(one(1), one(0), 40, TieRule.NONE, -8, 7), int8, int8, 2)
  }

  @Test
  def mapWithBiasesInFrontOfTheScales(): scala.Unit = {
    val biases = Seq(0L, 77L, -300L, 5000L, -128L, 128L).map(Long.box).asJava
    val multipliers = Seq(1L << 50, (1L << 52) + 12345, (1L << 51) - 1, 0L, 987654321987654L, 1L << 49).map(Long.box).asJava
    checkMap(new BiasedScale(biases, multipliers, 52, -128, 100), int8, int8, 6)
    val one = (value: Long) => java.util.List.of(Long.box(value))
    checkMap(new BiasedScale(one(3), one((1L << 40) + 77), 42, -128, 127), uint8, int8, 2)
    checkMap(new BiasedScale(biases, one(3), 1, -128, 127), int8, int8, 6)
  }

  @Test
  def mapWithBiasesInFrontOfOneScale(): scala.Unit = {
    val biases = Seq(0L, 77L, -300L, 5000L, -128L, 128L).map(Long.box).asJava
    checkMap(new SharedScale(biases, 92783, (-7L << 17) + 44914, 17, -128, 100), int8, int8, 6)
    checkMap(new SharedScale(biases, 3, 0, 1, 0, 255), uint8, uint8, 6)
    checkMap(new SharedScale(biases, 1, -40, 0, -128, 127), int8, int8, 6)
  }

  /** Products on both sides of ties, within the last place of a float32 and beyond it. */
  @Test
  def mapWithFloatProducts(): scala.Unit = {
    val biases = Seq(0L, 77L, -300L, 5000L, -128L, 128L).map(Long.box).asJava
    val multipliers =
      Seq((1L << 24) + 1, (1L << 24) - 1, 3L << 23, (5L << 22) + 1, (1L << 23) - 3, (1L << 24) + 3).map(Long.box).asJava
    checkMap(new FloatScale(biases, multipliers, 25, -7, -128, 100), int8, int8, 6)
    checkMap(new FloatScale(biases, multipliers, 27, 0, 0, 127), int8, uint8, 6)
    val one = (value: Long) => java.util.List.of(Long.box(value))
    checkMap(new FloatScale(one(-3), one((1L << 24) - 1), 26, 128, 0, 255), uint8, uint8, 2)
    checkMap(new FloatScale(one(0), multipliers, 25, 5, -512, 511), int8, new IntegerType(10, true), 6)
  }

  @Test
  def mapWithThresholdsAndOffsets(): scala.Unit = {
    val lists = Seq(Seq(-200L, -3L, 4L), Seq(), Seq(300L), (-7L to 7L).map(_ * 9)).map(_.map(Long.box).asJava)
    checkMap(new Thresholds(lists.asJava, -2), int8, new IntegerType(5, true), 4)
    val offsets = Seq(5L, -9L).map(Long.box).asJava
    checkMap(new Offset(offsets), int8, new IntegerType(9, true), 2)
  }

  @Test
  def mapWithTables(): scala.Unit = {
    val tables = Seq.fill(6)(Seq.fill(256)(Int.box(random.between(-128, 128))).asJava)
    checkMap(new Table(tables.asJava, -128), int8, int8, 6)
    checkMap(new Table(tables.take(1).asJava, 0), uint8, int8, 2)
    val few = new Table(Seq(Seq(7, 0, 3, 1).map(Int.box).asJava).asJava, -2)
    checkMap(few, new IntegerType(2, true), new IntegerType(3, false), 2)
  }

  @Test
  def mapWithChannelsOfWholePixels(): scala.Unit = {
    val offsets = Seq(5L, -9L, 100L).map(Long.box).asJava
    val input = Designs.stream("input", 2, int8, 18)
    val output = Designs.stream("output", 2, new IntegerType(9, true), 18)
    val unit = new MapUnit("map", "x", input, output, 3, 4, new Offset(offsets))
    val frame = Designs.values(random, int8, 36)
    val expected = frame.zipWithIndex.map { case (v, i) => v + offsets.get(i / 4 % 3).toInt }
    checkAll(Designs.of(unit), frame, expected)
  }

  @Test
  def products(): scala.Unit = {
    val one = (value: Long) => java.util.List.of(Long.box(value))
    for (((left, leftZero), (right, rightZero)) <- Seq((int8, -128) -> (uint8, 255), (uint8, 3) -> (int8, 0),
        (new IntegerType(3, true), 1) -> (int8, 127), (int8, 0) -> (new IntegerType(2, false), 2))) {
      val scale = new Scale(one(77), one(8192), 14, TieRule.TO_EVEN, -128, 127)
      for (form <- Seq(scale, new Offset(one(0)))) checkProduct(left, leftZero, right, rightZero, form)
    }
  }

  private def checkProduct(
      left: IntegerType, leftZero: Int, right: IntegerType, rightZero: Int, form: Requantizer
  ): scala.Unit = {
    val input = Designs.stream("input", 2, left, 100)
    val pairs = Seq("p", "q").map(Designs.stream(_, 2, left, 100))
    val other = Designs.stream("other", 2, right, 100)
    val output = Designs.stream("output", 2, if (form.isInstanceOf[Scale]) int8 else new IntegerType(20, true), 100)
    val tables = Seq(Seq.fill(1 << left.bits)(Int.box(random.between(right.minimum, right.maximum + 1).toInt)).asJava)
    val table = new Table(tables.asJava, left.minimum.toInt)
    val fork = new ForkUnit("fork", "x", input, pairs.asJava)
    val map = new MapUnit("map", "x", pairs(1), other, 2, 1, table)
    val multiply = new MultiplyUnit("multiply", "x", pairs.head, other, output, leftZero, rightZero, form)
    val frame = Designs.values(random, left, 200)
    val expected = frame.map(v => multiply.apply(v, table.apply(0, v).toInt).toInt)
    checkAll(Designs.chain(input, output, 12, fork, map, multiply), frame, expected)
  }

  @Test
  def selections(): scala.Unit = {
    checkSelection(5, 6, Seq(1, 3), Seq(2, 0), Seq(0, 1, 3))
    checkSelection(4, 4, Seq(0, 0, 1, 1, 2, 2, 3, 3), Seq(0, 0, 2, 2), Seq(0, 1))
    checkSelection(1, 7, Seq(0, 0, 0), Seq(0, 1, 2, 3, 4, 5, 6), Seq(0))
    checkSelection(3, 1, Seq(2), Seq(0), Seq(0))
    checkSelection(6, 2, Seq(0, 5, 5, 5), Seq(0), Seq(1))
    checkSelection(2, 9, Seq(0, 1), Seq(0), Seq(8, 3, 5, 5))
    checkSelection(1, 1, Seq(0), Seq(0, 0, 0), Seq(0, 0))
  }

  private def checkSelection(
      inputRows: Int, rowBeats: Int, rows: Seq[Int], columns: Seq[Int], places: Seq[Int]
  ): scala.Unit = {
    def boxed(values: Seq[Int]) = values.map(Int.box).asJava
    val beats = rows.size * columns.size * places.size
    val input = Designs.stream("input", 2, int8, inputRows * rowBeats)
    val output = Designs.stream("output", 2, int8, beats)
    val unit = new SelectUnit("select", "x", input, output, inputRows, boxed(rows), boxed(columns), boxed(places))
    val frame = Designs.values(random, int8, 2 * inputRows * rowBeats)
    val expected = (0 until beats).flatMap(b => frame.slice(2 * unit.source(b), 2 * unit.source(b) + 2))
    for (depth <- Seq(2, 5)) checkAll(Designs.of(unit, depth), frame, expected)
  }

  @Test
  def constants(): scala.Unit = {
    checkConstant(12, 6, Seq(3, -4, 5, -6))
    checkConstant(1, 7, Seq(1, 2))
    checkConstant(9, 1, Seq(-128, 127))
    checkConstant(5, 4, Seq(8, 7, 6, 5, 4, 3, 2, 1))
  }

  /** Frames of `arriving` beats make frames of `leaving` beats that are the same over and over. */
  private def checkConstant(arriving: Int, leaving: Int, elements: Seq[Int]): scala.Unit = {
    val input = Designs.stream("input", 1, int8, arriving)
    val output = Designs.stream("output", 2, int8, leaving)
    val unit = new ConstantUnit("constant", "x", input, output, elements.map(Int.box).asJava)
    val expected = (0 until 2 * leaving).map(i => elements(i % elements.size))
    for (depth <- Seq(2, 5)) checkAll(Designs.of(unit, depth), Designs.values(random, int8, arriving), expected)
  }

  @Test
  def sumsInBothForms(): scala.Unit = {
    val linear = new Sum.Linear(-91, 1200, 77, 8, TieRule.TO_EVEN, -128, 127)
    checkAdd(linear, int8, uint8, int8)
    val left = Seq.fill(256)(Long.box(random.between(-40000L, 40000L)))
    val right = Seq.fill(200)(Long.box(random.between(-40000L, 40000L)))
    val tables = new Sum.Tables(left.asJava, -128, right.asJava, 10, 8, TieRule.TO_ODD, 0, 255)
    checkAdd(tables, int8, uint8, uint8, 10 until 210)
  }

  @Test
  def concatenationOfBranches(): scala.Unit = {
    val input = Designs.stream("input", 2, int8, 12)
    val copies = Seq("a", "b").map(Designs.stream(_, 2, int8, 12))
    val joined = Designs.stream("joined", 2, int8, 24)
    val fork = new ForkUnit("fork", "x", input, copies.asJava)
    val turns = Seq(3, 3).map(Int.box).asJava
    val concat = new ConcatUnit("concat", "y", copies.asJava, joined, turns)
    val frame = Designs.values(random, int8, 24)
    val expected = frame.grouped(6).flatMap(turn => turn ++ turn).toSeq
    checkAll(Designs.chain(input, joined, 5, fork, concat), frame, expected)
  }

  @Test
  def widths(): scala.Unit = {
    val input = Designs.stream("input", 2, int8, 12)
    val wide = Designs.stream("wide", 6, int8, 4)
    val output = Designs.stream("output", 3, int8, 8)
    val up = new WidthUnit("up", "x", input, wide)
    val down = new WidthUnit("down", "x", wide, output)
    val frame = Designs.values(random, int8, 24)
    checkAll(Designs.chain(input, output, 3, up, down), frame, frame)
  }

  @Test
  def indexOfLargest(): scala.Unit = {
    for (selectLast <- Seq(false, true); element <- Seq(int8, uint8)) {
      val input = Designs.stream("input", 1, element, 30)
      val output = Designs.stream("output", 1, IntegerType.INT32, 3)
      val unit = new ArgMaxUnit("argmax", "x", input, output, 10, selectLast)
      val frame = Designs.values(random, element, 30).map(v => v / 50 * 50)
      val expected = frame.grouped(10).map { group =>
        if (selectLast) group.lastIndexOf(group.max) else group.indexOf(group.max)
      }
      checkAll(Designs.of(unit), frame, expected.toSeq)
    }
  }

  @Test
  def softmaxOfFloats(): scala.Unit =
    for ((scale, step, zeroPoint, to) <- Seq((0.02f, 1f / 256, 0, uint8), (0.5f, 1e-4f, -128, int8))) {
      val op = new TableSoftmax(1, scale, step, zeroPoint, to)
      for (elements <- Seq(13)) {
        val exponentials = op.exponentials(elements).asScala.map(_.floatValue)
        val form = new SoftmaxForm.Quotient(
          exponentials.map(e => Int.box(java.lang.Float.floatToIntBits(e))).asJava,
          exponentials.map(e => Int.box(java.lang.Float.floatToIntBits(e * op.steps))).asJava,
          zeroPoint, to.maximum.toInt)
        val expected = (line: Seq[Int]) =>
          op.evaluate(java.util.List.of(IntegerTensor.of(uint8, Shape.of(1, elements), line: _*))).get(0)
            .asInstanceOf[IntegerTensor].data.toSeq
        checkSoftmax(form, elements, to, expected)
      }
    }

  @Test
  def softmaxInFixedPoint(): scala.Unit =
    for ((multiplier, shift) <- Seq((1518500250, 20), (1100000000, 23))) {
      val op = new QuantizedSoftmax(new QuantizedMultiplier(multiplier, shift), -(31L * (1L << 26) / (1L << shift)).toInt, uint8)
      val form = new SoftmaxForm.FixedPoint(op.exponentials, 8, 0)
      for (elements <- Seq(13)) {
        val expected = (line: Seq[Int]) =>
          op.evaluate(java.util.List.of(IntegerTensor.of(uint8, Shape.of(1, elements), line: _*))).get(0)
            .asInstanceOf[IntegerTensor].data.toSeq
        checkSoftmax(form, elements, uint8, expected)
      }
    }

  private def checkSoftmax(form: SoftmaxForm, elements: Int, to: IntegerType, softmax: Seq[Int] => Seq[Int]): scala.Unit = {
    val lines = 12
    val input = Designs.stream("input", 1, uint8, lines * elements)
    val output = Designs.stream("output", 1, to, lines * elements)
    val unit = new SoftmaxUnit("softmax", "x", input, output, elements, form)
    val frame = (0 until lines).flatMap { line =>
      // Near to one another, so that many take part.
      val spread = Seq(256, 8, 40, 1)(line % 4)
      Seq.fill(elements)(random.nextInt(spread))
    }
    val expected = frame.grouped(elements).flatMap(softmax).toSeq
    assertEquals(expected, frame.grouped(elements).flatMap(line => form.apply(line.toArray)).toSeq)
    checkAll(Designs.of(unit), frame, expected)
  }

  @Test
  def queuesOfAnyDepth(): scala.Unit = {
    for (depth <- Seq(2, 3, 64, 65, 100)) {
      val input = Designs.stream("input", 1, int8, 150)
      val output = Designs.stream("output", 3, int8, 50)
      val frame = Designs.values(random, int8, 150)
      val unit = new WidthUnit("up", "x", input, output)
      checkAll(Designs.of(unit, depth), frame, frame)
    }
  }

  private def checkMap(form: Requantizer, from: IntegerType, to: IntegerType, channels: Int): scala.Unit = {
    val input = Designs.stream("input", 2, from, channels * 20)
    val output = Designs.stream("output", 2, to, channels * 20)
    val unit = new MapUnit("map", "x", input, output, channels, 1, form)
    val frame = Designs.values(random, from, channels * 40)
    val expected = frame.zipWithIndex.map { case (v, i) => form.apply(i % channels, v).toInt }
    checkAll(Designs.of(unit), frame, expected)
  }

  private def checkAdd(
      sum: Sum,
      leftType: IntegerType,
      rightType: IntegerType,
      to: IntegerType,
      rightRange: Range = 0 until 256
  ): scala.Unit = {
    val input = Designs.stream("input", 1, leftType, 200)
    val pairs = Seq("p", "q").map(Designs.stream(_, 1, leftType, 200))
    val right = Designs.stream("right", 1, rightType, 200)
    val output = Designs.stream("output", 1, to, 200)
    val fork = new ForkUnit("fork", "x", input, pairs.asJava)
    val offset = java.util.List.of(Long.box(rightRange.start + 128))
    val high = rightRange.last
    val scale = new Scale(java.util.List.of(Long.box(1)), offset, 0, TieRule.NONE, 0, high)
    val map = new MapUnit("map", "x", pairs(1), right, 1, 1, scale)
    val add = new AddUnit("add", "x", pairs.head, right, output, sum)
    val frame = Designs.values(random, leftType, 200)
    val expected = frame.map(v => sum.apply(v, scale.apply(0, v).toInt).toInt)
    checkAll(Designs.chain(input, output, 12, fork, map, add), frame, expected)
  }

  private def checkAll(design: Design, frame: Seq[Int], expected: Seq[Int]): scala.Unit = {
    val frames = Seq(frame, frame.reverse, frame)
    val middle = Simulation.run(design, frames).elements
    assertEquals(expected, middle.take(expected.size), "first frame")
    for (stall <- Seq((50, 0), (0, 60), (30, 30))) {
      val trace = Simulation.run(design, frames, Simulation.Options(stall._1, stall._2))
      assertEquals(middle, trace.elements, s"stalls $stall")
    }
    assertEquals(expected, middle.takeRight(expected.size), "last frame")
    Timing.check(design, frames)
  }
}
