// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import spinal.core.internals.{DeclarationStatement, Statement}
import spinal.core.{Component, SpinalTag, SpinalTagReady}

/** A part of a module that stands together in the Verilog, under a heading.
  *
  * @param heading
  *   one line for people
  */
private[verilog] final case class Section(heading: String) extends SpinalTag {
  override def canSymplifyHost: Boolean = true
}

private[verilog] object Section {

  /** Makes a part of the component: all signals and memories that `body` makes and that are in no other section. */
  def apply[T](heading: String, body: => T): T = {
    val scope = Component.current.dslBody
    val before = scope.last
    val made = body
    val section = Section(heading)
    var statement = if (before == null) scope.head else before.nextScopeStatement
    while (statement != null) {
      mark(statement, section)
      statement = statement.nextScopeStatement
    }
    made
  }

  /** The section of a signal or a memory. */
  def of(declared: DeclarationStatement): Option[Section] = declared match {
    case host: SpinalTagReady => host.getTag(classOf[Section])
    case _                    => None
  }

  private def mark(statement: Statement, section: Section): Unit = statement match {
    case host: DeclarationStatement with SpinalTagReady if of(host).isEmpty => host.addTag(section)
    case _                                                                  =>
  }
}
