// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.Target
import spinal.core._

/** The family of devices that a design is built for, which all of its modules know. The Verilog remains plain: what is
  * left to it is where a register has a reset, or a memory contents.
  */
object Family extends ScopeProperty[Target] {
  override def default: Target = Target.GENERIC
}
