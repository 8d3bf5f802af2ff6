// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import spinal.core.BaseType
import spinal.core.internals._

import scala.collection.mutable

/** A number that is widened, by zeros or by its sign. */
private[emit] final case class Widened(number: Expression, signed: Boolean)

/** What Verilog can say about expressions, and where. */
private[emit] object Expressions {

  /** Finds what needs a name: of what a part is taken that is not a signal, and what depends on its surroundings.
    *
    * @param isWhole
    *   whether the expression is all that is assigned to a signal that is as wide
    */
  def walk(expression: Expression, isWhole: Boolean)(needsName: Expression => Unit): Unit = {
    if (!isWhole && dependsOnSurroundings(expression)) needsName(expression)
    partOf(expression).map(Source.withoutCasts).filterNot(hasName).foreach(needsName)
    operands(expression).foreach(walk(_, isWhole && expression.isInstanceOf[Cast])(needsName))
  }

  /** The number that an expression widens, and whether by its sign: changes of width, and concatenations with zeros or
    * with the highest bit. Of several widenings, the first number.
    */
  def widened(expression: Expression): Option[Widened] = outermost(expression).map { outer =>
    widened(outer.number).filter(inner => outer.signed == inner.signed || !inner.signed).getOrElse(outer)
  }

  private def outermost(expression: Expression): Option[Widened] = Source.withoutCasts(expression) match {
    case resize: Resize if grows(resize)                => Some(Widened(resize.input, resize.isInstanceOf[ResizeSInt]))
    case cat: Operator.Bits.Cat if isZero(cat.left)     => Some(Widened(cat.right, signed = false))
    case cat: Operator.Bits.Cat if isSign(cat)          => Some(Widened(cat.right, signed = true))
    case _                                              => None
  }

  /** Where the sign of a number is: a bit of the number, or of what it is a part of. */
  def sign(number: Expression): (Expression, Int) = Source.withoutCasts(number) match {
    case shift: Operator.BitVector.ShiftRightByInt => sign(shift.source)
    case shift: Operator.BitVector.ShiftLeftByInt  => sign(shift.source)
    case part: BitVectorRangedAccessFixed          => (Source.withoutCasts(part.source), part.hi)
    case other                                     => (other, width(other) - 1)
  }

  private def isZero(expression: Expression): Boolean = Source.withoutCasts(expression) match {
    case literal: BoolLiteral      => !literal.value
    case literal: BitVectorLiteral => !literal.hasPoison() && literal.value == 0
    case _                         => false
  }

  /** Whether the left part is the highest bit of the right part. */
  private def isSign(cat: Operator.Bits.Cat): Boolean =
    (Source.withoutCasts(cat.left), Source.withoutCasts(cat.right)) match {
      case (bit: BitVectorBitAccessFixed, number: BaseType) => bit.source == number && bit.bitId == width(number) - 1
      case _                                                => false
    }

  /** Bits of a number; 1 of a condition. */
  def width(expression: Expression): Int = expression match {
    case sized: WidthProvider => sized.getWidth
    case _                    => 1
  }

  /** Whether what is accessed has one bit, so that there is nothing to choose. */
  def isAll(access: SubAccess): Boolean = width(access.getBitVector) == 1 && (access match {
    case _: BitVectorBitAccessFixed | _: BitVectorRangedAccessFixed => true
    case _                                                          => false
  })

  private def grows(resize: Resize): Boolean = resize.size > width(resize.input)

  /** Where the operands of an expression are. */
  private def operands(expression: Expression): Seq[Expression] = widened(expression) match {
    case Some(wide) => Seq(wide.number)
    case None =>
      val found = mutable.ArrayBuffer[Expression]()
      expression.foreachDrivingExpression(found += _)
      found.toSeq
  }

  /** Of what Verilog names single bits, if it does. */
  private def partOf(expression: Expression): Option[Expression] = expression match {
    case shift: Operator.BitVector.ShiftRightByInt             => Some(shift.source)
    case access: SubAccess if !isAll(access)                   => Some(access.getBitVector)
    case resize: Resize if resize.size < width(resize.input)   => Some(resize.input)
    case _ => widened(expression).filter(wide => wide.signed && width(wide.number) > 1).map(wide => sign(wide.number)._1)
  }

  private def hasName(expression: Expression): Boolean = expression.isInstanceOf[BaseType]

  /** Whether Verilog takes as many bits of the result as what is around it has. */
  private def dependsOnSurroundings(expression: Expression): Boolean = expression match {
    case _: Operator.BitVector.Mul | _: Operator.BitVector.Div | _: Operator.BitVector.Mod         => true
    case _: Operator.BitVector.ShiftLeftByInt | _: Operator.BitVector.ShiftRightByInt               => false
    case _: Operator.BitVector.ShiftOperator                                                       => true
    case _                                                                                         => false
  }
}
