// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import dev.etch.diagnostic.CompilerBug
import spinal.core.internals._
import spinal.core._

import scala.collection.mutable

/** Writes a module as a person would: expressions stand where they are used unless Verilog needs a name for
  * them, a memory's word and a choice have the name of the signal that takes them, and shifts by constants
  * and changes of width are concatenations and parts.
  *
  * An expression is as wide as SpinalHDL says wherever Verilog puts it: the operands of all operators here are equally wide,
  * and so is what an assignment assigns to. Only products and shifts by variables are not; these have a name unless
  * they are all that is assigned. SpinalHDL's writer gives a name to all that may be wider elsewhere, so to most.
  *
  * SpinalHDL calls all methods from its constructor: so there are no fields here.
  */
private[emit] final class ReadableModule(component: Component, phase: ReadableVerilog, context: PhaseContext)
    extends ComponentEmitterVerilog(
      component,
      false,
      phase,
      phase.allocateAlgoIncrementalBase,
      context.config.mergeAsyncProcess,
      context.config.asyncResetCombSensitivity,
      GlobalData.get.anonymSignalPrefix,
      true,
      "",
      false,
      phase.emitedComponentRef,
      mutable.LinkedHashSet[String](),
      context,
      context.config,
      phase.romCache
    ) {

  /** All that Verilog needs a name for. */
  override def fillExpressionToWrap(): Unit = c.dslBody.walkStatements {
    case statement: AssignmentStatement =>
      statement.foreachExpression(Expressions.walk(_, isWhole = true)(expressionToWrap += _))
    case statement =>
      statement.foreachDrivingExpression(Expressions.walk(_, isWhole = false)(expressionToWrap += _))
  }

  /** SpinalHDL calls this behind its own additions to what it gives names. It also gives one to the
    * arguments of memories and choices, which need none.
    */
  override def cutLongExpressions(): Unit = {
    expressionToWrap.clear()
    fillExpressionToWrap()
    multiplexersPerSelect.values.foreach(expressionToWrap ++= _)
    val names = made
    names.foreach { case (source, signal) => wrappedExpressionToName(source) = emitReference(signal, false) }
    for (memory <- mems) memory.foreachStatements {
      case read: MemReadSync if !names.contains(read)  => declareWord(read, "reg")
      case read: MemReadAsync if !names.contains(read) => declareWord(read, "wire")
      case _                                           =>
    }
  }

  /** The signals that are nothing but another name of a word or a choice, the first of each. */
  private def made: collection.Map[Expression, BaseType] = {
    val sources = mutable.LinkedHashMap[Expression, BaseType]()
    c.dslBody.walkLeafStatements {
      case statement: AssignmentStatement =>
        statement.finalTarget match {
          case signal: BaseType if signal.component == c => Source.of(signal).foreach(sources.getOrElseUpdate(_, signal))
          case _                                         =>
        }
      case _ =>
    }
    sources
  }

  /** A name for a memory's word that no signal takes as it is. */
  private def declareWord(read: MemPortStatement with WidthProvider with Expression, kind: String): Unit = {
    val name = c.localNamingScope.allocateName(emitReference(read.mem, false) + "_word")
    wrappedExpressionToName(read) = name
    declarations ++= s"  ${phase.expressionAlign(kind, phase.emitRange(read), name)};\n"
  }

  /** A choice, if the signal is its name; nothing if it is that of a memory's word. */
  override def emitAsynchronous(process: AsyncProcess): Unit = process.nameableTargets match {
    case List(signal: BaseType) if isAssigned(signal) =>
      Source.of(signal).foreach {
        case choice: Multiplexer => emitChoice(choice)
        case _                   => ()
      }
    case _ => super.emitAsynchronous(process)
  }

  /** The choices that are not the value of a signal. */
  override def emitMuxes(): Unit = {
    val named = made
    multiplexersPerSelect.values.flatten.filterNot(named.contains).foreach(emitChoice)
  }

  private def emitChoice(choice: Multiplexer): Unit = {
    val name = wrappedExpressionToName(choice)
    logics ++= s"  always @(*) begin\n    case(${emitExpression(choice.select)})\n"
    for ((input, i) <- choice.inputs.zipWithIndex) {
      val key = if (i == choice.inputs.size - 1) "default" else literal(i, widthOf(choice.select))
      logics ++= s"      $key : $name = ${emitExpression(input)};\n"
    }
    logics ++= "    endcase\n  end\n\n"
  }

  private def literal(value: Int, width: Int): String =
    s"$width'b${value.toBinaryString.reverse.padTo(width, '0').reverse}"

  /** Not for another name of a value that has one: both are variables. */
  override def emitAsynchronousAsAsign(process: AsyncProcess): Boolean =
    super.emitAsynchronousAsAsign(process) && process.nameableTargets.forall {
      case signal: BaseType => !Source.of(signal).exists(Source.needsProcess)
      case _                => true
    }

  private def isAssigned(signal: BaseType): Boolean =
    Source.of(signal).exists(wrappedExpressionToName.get(_).contains(emitReference(signal, false)))

  override def dispatchExpression(expression: Expression): String = Expressions.widened(expression) match {
    case Some(wide) if !expression.isInstanceOf[Cast] => emitWidened(wide, widthOf(expression))
    case _                                            => emit(expression)
  }

  private def emit(expression: Expression): String = expression match {
    case cat: Operator.Bits.Cat   => emitParts(chain[Operator.Bits.Cat](cat))
    case and: Operator.Bool.And   => emitCondition(chain[Operator.Bool.And](and), "&&", neutral = true)
    case or: Operator.Bool.Or     => emitCondition(chain[Operator.Bool.Or](or), "||", neutral = false)
    case or: Operator.Bits.Or     => emitChain(chain[Operator.Bits.Or](or), "|")
    case resize: Resize           => emitResize(resize)
    case mux: BinaryMultiplexer if isConstant(mux.cond, true)  => emitExpression(mux.whenTrue)
    case mux: BinaryMultiplexer if isConstant(mux.cond, false) => emitExpression(mux.whenFalse)
    case access: SubAccess if Expressions.isAll(access) && !access.getBitVector.isInstanceOf[BaseType] =>
      emitExpression(access.getBitVector)
    case shift: Operator.BitVector.ShiftLeftByInt if shift.shift > 0 =>
      s"{${emitExpression(shift.source)}, ${zeros(shift.shift)}}"
    case shift: Operator.BitVector.ShiftRightByInt =>
      s"${emitExpression(shift.source)}[${widthOf(shift.source) - 1} : ${shift.shift}]"
    case other => super.dispatchExpression(other)
  }

  /** The operands of an operator and, in place of those that are the same operator, their operands, from left to
    * right.
    */
  private def chain[T <: BinaryOperator](root: T)(implicit kind: reflect.ClassTag[T]): Seq[Expression] = {
    val operands = mutable.ArrayBuffer[Expression]()
    val rest = mutable.Stack[Expression](root.left, root.right)
    while (rest.nonEmpty) {
      rest.pop() match {
        case kind(same) if !wrappedExpressionToName.contains(same) => rest.push(same.right).push(same.left)
        case other                                                 => operands += other
      }
    }
    operands.toSeq
  }

  private def emitChain(operands: Seq[Expression], sign: String): String =
    operands.map(emitExpression).mkString("(", s" $sign ", ")")

  /** A chain without the constants that change nothing, or the constant that decides. */
  private def emitCondition(operands: Seq[Expression], sign: String, neutral: Boolean): String =
    operands.filterNot(isConstant(_, neutral)) match {
      case some if some.exists(isConstant(_, !neutral)) => boolLiteralImpl(new BoolLiteral(!neutral))
      case Seq()     => boolLiteralImpl(new BoolLiteral(neutral))
      case Seq(only) => emitExpression(only)
      case several   => emitChain(several, sign)
    }

  private def isConstant(operand: Expression, value: Boolean): Boolean = operand match {
    case literal: BoolLiteral => literal.value == value
    case _                    => false
  }

  /** A concatenation, in lines if it is long. */
  private def emitParts(parts: Seq[Expression]): String = {
    val texts = parts.map(emitExpression)
    if (texts.map(_.length + 2).sum <= ReadableModule.Line) texts.mkString("{", ", ", "}")
    else texts.mkString("{\n        ", ",\n        ", "}")
  }

  private def emitWidened(wide: Widened, bits: Int): String = {
    val more = bits - widthOf(wide.number)
    val text = emitExpression(Source.withoutCasts(wide.number))
    if (!wide.signed) s"{${zeros(more)}, $text}"
    else if (widthOf(wide.number) == 1) s"{$bits{$text}}"
    else {
      val (number, bit) = Expressions.sign(wide.number)
      s"{{$more{${emitExpression(number)}[$bit]}}, $text}"
    }
  }

  private def emitResize(resize: Resize): String = {
    val text = emitExpression(Source.withoutCasts(resize.input))
    if (resize.size == widthOf(resize.input)) text else s"$text[${resize.size - 1} : 0]"
  }

  private def zeros(count: Int): String = if (count <= 4) s"$count'b${"0" * count}" else s"$count'd0"

  private def widthOf(expression: Expression): Int = Expressions.width(expression)

  /** Signals and memories, section by section. */
  override def emitSignals(): Unit = {
    for ((section, members) <- bySection(declared)(Section.of)) {
      section.foreach(part => declarations ++= s"\n  // ${part.heading}\n")
      members.foreach {
        case signal: BaseType => declarations ++= emitBaseTypeSignal(signal, emitReference(signal, false))
        case memory: Mem[_]   => declarations ++= emitDeclaration(memory)
      }
    }
  }

  /** The signals that are no ports, and the memories. */
  private def declared: Seq[DeclarationStatement] = {
    val found = mutable.ArrayBuffer[DeclarationStatement]()
    c.dslBody.walkDeclarations {
      case signal: BaseType if !signal.isDirectionLess => ()
      case other                                       => found += other
    }
    found.toSeq
  }

  /** SpinalHDL calls this in front of all processes, which it would put in the order of their making: here
    * memories, what is combinational, and registers of each section are together.
    */
  override def emitBeginEndModule(): Unit = {
    super.emitBeginEndModule()
    val parts = mems.map(memory => Part(Section.of(memory), () => emitContents(memory))) ++
      processes.filterNot(isInPort).map(process => Part(sectionOf(process), () => emitAsynchronous(process))) ++
      syncGroups.values.flatMap(registers)
    val members = bySection(parts.toSeq)(_.section).toMap
    val sections = bySection(declared)(Section.of).map(_._1).filter(members.contains)
    for (section <- None +: sections.filter(_.isDefined)) {
      section.foreach(part => logics ++= s"  // ${part.heading}\n")
      members.getOrElse(section, Seq()).foreach(_.emit())
      if (!logics.endsWith("\n\n") && !logics.endsWith("  \n")) logics ++= "\n"
    }
    processes.clear()
    syncGroups.clear()
  }

  private case class Part(section: Option[Section], emit: () => Unit)

  /** Whether a process assigns to a port of a module in this one, where its value stands. */
  private def isInPort(process: AsyncProcess): Boolean = process.leafStatements.headOption.exists {
    case statement: AssignmentStatement => subComponentInputToNotBufferize.contains(statement.target)
    case _                              => false
  }

  private def sectionOf(process: AsyncProcess): Option[Section] = process.nameableTargets.headOption.flatMap(Section.of)

  /** A group of registers for each section. */
  private def registers(all: SyncGroup): Seq[Part] =
    bySection((all.initStatements ++ all.dataStatements).toSeq)(sectionOf).map { case (section, _) =>
      val group = new SyncGroup(all.clockDomain, all.scope, all.hasInit, all.instanceCounter)
      group.initStatements ++= all.initStatements.filter(sectionOf(_) == section)
      group.dataStatements ++= all.dataStatements.filter(sectionOf(_) == section)
      Part(section, () => emitSynchronous(c, group))
    }

  private def sectionOf(statement: LeafStatement): Option[Section] = statement match {
    case assignment: AssignmentStatement => Section.of(assignment.finalTarget)
    case _                               => None
  }

  /** In the order in which the sections begin. */
  private def bySection[T](members: Seq[T])(section: T => Option[Section]): Seq[(Option[Section], Seq[T])] = {
    val groups = mutable.LinkedHashMap[Option[Section], mutable.ArrayBuffer[T]]()
    members.foreach(member => groups.getOrElseUpdate(section(member), mutable.ArrayBuffer()) += member)
    groups.view.mapValues(_.toSeq).toSeq
  }

  /** Nothing: memories are in their sections. */
  override def emitMems(memories: mutable.ArrayBuffer[Mem[_]]): Unit = ()

  private def emitDeclaration(memory: Mem[_]): String =
    s"  ${emitAttributes(memory)}reg ${phase.emitRange(memory)} ${emitReference(memory, false)} [0:${memory.wordCount - 1}];\n"

  /** A memory's contents and its ports. */
  private def emitContents(memory: Mem[_]): Unit = {
    val name = emitReference(memory, false)
    if (memory.initialContent != null)
      logics ++= EmptyMemories.filled(
        memory,
        phase.contents.fill(component.definitionName, name, memory.width, memory.initialContent.toSeq)
      )
    memory.foreachStatements {
      case write: MemWrite if write.mask == null && write.aspectRatio == 1 =>
        emitPort(write.clockDomain, write.writeEnable, s"$name[${emitExpression(write.address)}] <= ${emitExpression(write.data)};")
      case read: MemReadSync if read.readUnderWrite == dontCare && read.aspectRatio == 1 =>
        emitPort(read.clockDomain, read.readEnable, s"${emitExpression(read)} <= $name[${emitExpression(read.address)}];")
      case read: MemReadAsync if read.aspectRatio == 1 =>
        logics ++= s"  assign ${emitExpression(read)} = $name[${emitExpression(read.address)}];\n"
      case other => throw new CompilerBug(s"no Verilog for this port of $name: $other")
    }
  }

  /** SpinalHDL demands a style of memories that are read asynchronously; families without it would refuse the
    * Verilog instead of taking registers. Other styles are meant.
    */
  private def emitAttributes(memory: Mem[_]): String =
    phase.emitSyntaxAttributes(memory.instanceAttributes(Language.VERILOG).filter {
      case style: AttributeString => style.getName != "ram_style" || MemoryStyle.isMeant(style.value)
      case _                      => true
    })

  /** What a port does at a clock's edge, if it is enabled. */
  private def emitPort(domain: ClockDomain, enable: Expression, action: String): Unit = {
    val always = enable match {
      case null                 => true
      case literal: BoolLiteral => literal.value
      case _                    => false
    }
    def write(tab: String, text: mutable.StringBuilder): Unit =
      if (always) text ++= s"$tab$action\n"
      else text ++= s"${tab}if(${emitExpression(enable)}) begin\n$tab  $action\n${tab}end\n"
    emitClockedProcess(write, null, logics, domain, false)
  }
}

private object ReadableModule {

  /** Characters of a concatenation that stays in one line. */
  val Line = 140
}
