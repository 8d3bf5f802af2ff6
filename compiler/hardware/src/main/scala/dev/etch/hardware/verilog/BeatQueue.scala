// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{Stream => Beats}
import spinal.core._
import spinal.lib._

/** First-in-first-out queue, one module for all of a width and a depth, whose flags are registers: a beat pushed in cycle t can be
  * popped in cycle t + 1, and space freed in cycle t can be used in cycle t + 1.
  *
  * Shallow queues read a LUT memory asynchronously. Deep ones read a block memory one cycle ahead
  * and bypass a beat that is written in the very cycle in which it is read; to the outside both
  * behave alike. Of beats that nobody reads the queue keeps the number only.
  *
  * @param isRead
  *   whether what comes out matters
  */
final class BeatQueue(moduleName: String, width: Int, depth: Int, isRead: Boolean) extends Component {
  setDefinitionName(moduleName)
  val push = slave(Stream(Bits(width bits)))
  val pop = master(Stream(Bits(width bits)))

  private val pointerBits = log2Up(depth)
  private val occupancy = Reg(UInt(log2Up(depth + 1) bits)).init(0).setName("occupancy")
  private val pushPointer = Reg(UInt(pointerBits bits)).init(0).setName("push_pointer")
  private val popPointer = Reg(UInt(pointerBits bits)).init(0).setName("pop_pointer")

  private val full = Reg(Bool()).init(False).setName("full")
  private val filled = Reg(Bool()).init(False).setName("filled")
  push.ready := !full
  pop.valid := filled
  private val pushing = (push.valid && push.ready).setName("pushing")
  private val popping = (pop.valid && pop.ready).setName("popping")

  when(pushing)(pushPointer := successor(pushPointer))
  private val popNext = UInt(pointerBits bits).setName("pop_next")
  popNext := popPointer
  when(popping)(popNext := successor(popPointer))
  popPointer := popNext
  when(pushing && !popping) {
    occupancy := occupancy + 1
    full := occupancy === depth - 1
    filled := True
  }
  when(!pushing && popping) {
    occupancy := occupancy - 1
    full := False
    filled := occupancy =/= 1
  }

  if (isRead) store() else pop.payload := 0

  private def store(): Unit = {
    val memory = Mem(Bits(width bits), depth).setName("memory")
    memory.write(pushPointer, push.payload, pushing)
    pop.payload := (if (depth <= Beats.DEEPEST_IN_TABLES) memory.readAsync(popPointer) else ahead(memory))
  }

  private def ahead(memory: Mem[Bits]): Bits = {
    memory.addAttribute("no_rw_check")
    val ahead = memory.readSync(popNext).setName("ahead")
    val bypassed = RegNext(pushing && pushPointer === popNext).setName("bypassed")
    val bypass = RegNext(push.payload).setName("bypass")
    bypassed ? bypass | ahead
  }

  private def successor(pointer: UInt): UInt =
    if (isPow2(depth)) pointer + 1
    else (pointer === depth - 1) ? U(0, pointerBits bits) | (pointer + 1)
}
