// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import spinal.core.internals._
import spinal.core.{BaseType, Component, GlobalData, MemReadAsync, MemReadSync, SpinalReport}

/** SpinalHDL's last phase, with [[ReadableModule]] in place of its own writer of modules. */
private[verilog] final class ReadableVerilog(context: PhaseContext, val contents: MemoryContents)
    extends PhaseVerilog(context, new SpinalReport[Component]) {

  /** The text of a module; none if another with the same text has its name. */
  override def compile(component: Component): () => String = {
    val module = new ReadableModule(component, this, context)
    val trace = module.getTrace()
    emitedComponent.get(trace) match {
      case Some(same) if !component.definitionNameNoMerge || same.definitionName == component.definitionName =>
        emitedComponentRef.put(component, same)
        component.definitionName = same.definitionName
        () => ""
      case _ =>
        require(usedDefinitionNames.add(component.definitionName), s"two modules named ${component.definitionName}")
        emitedComponent(trace) = component
        () => module.result
    }
  }

  /** Nothing for a memory's word, which has another name than SpinalHDL's. */
  override def emitExpressionWrap(expression: Expression, name: String, nature: String): String =
    if (isWord(expression)) "" else super.emitExpressionWrap(expression, name, nature)

  override def emitExpressionWrap(expression: Expression, name: String): String =
    if (isWord(expression)) "" else super.emitExpressionWrap(expression, name)

  private def isWord(expression: Expression): Boolean = expression match {
    case _: MemReadSync | _: MemReadAsync => true
    case _                                => false
  }

  /** A memory's word and a choice are assigned where they are made, and so they are variables. */
  override def signalNeedProcess(signal: BaseType): Boolean =
    super.signalNeedProcess(signal) || Source.of(signal).exists(Source.needsProcess)
}

private[verilog] object ReadableVerilog {

  /** Takes the place of SpinalHDL's writer among the phases. */
  def replace(contents: MemoryContents)(phases: collection.mutable.ArrayBuffer[Phase]): Unit =
    phases.mapInPlace {
      case _: PhaseVerilog => new ReadableVerilog(GlobalData.get.phaseContext, contents)
      case other           => other
    }
}

/** What a signal is driven by. */
private[emit] object Source {
  /** The word of a memory, or the choice, that a signal is nothing but another name of. */
  def of(signal: BaseType): Option[Expression] =
    if (!signal.isComb || !signal.hasOnlyOneStatement || signal.head.parentScope != signal.rootScopeStatement) None
    else signal.head match {
      case statement: AssignmentStatement if statement.target == signal =>
        Option(withoutCasts(statement.source)).filter(isMade)
      case _ => None
    }

  /** Whether its value is assigned in a process. */
  def needsProcess(source: Expression): Boolean = !source.isInstanceOf[MemReadAsync]

  /** What a cast is applied to: Verilog has none. */
  def withoutCasts(expression: Expression): Expression = expression match {
    case cast: Cast => withoutCasts(cast.input)
    case other      => other
  }

  private def isMade(source: Expression): Boolean = source match {
    case _: MemReadSync | _: MemReadAsync | _: Multiplexer => true
    case _                                                 => false
  }
}
