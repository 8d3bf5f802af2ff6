// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixNetlist.{DISTANCE, OPERAND}
import dev.etch.hardware.verilog.{Delay, Rom}
import dev.etch.hardware.{MatrixNetlist, MatrixUnit}
import spinal.core._

import scala.jdk.CollectionConverters._

/** The circulant blocks of all groups of lanes, and which is needed how in each step, see
  * [[dev.etch.hardware.MatrixRotation]].
  */
private[matrix] final class MatrixBlocks(unit: MatrixUnit, netlist: MatrixNetlist, sequencer: MatrixSequencer) extends Area {
  private val program = unit.program
  private val rotation = netlist.rotation.get
  private val words = netlist.blocks(0).entries.size
  private val turnBits = log2Up(rotation.size)
  private val lowTurn = turnBits / 2

  // Of the step in the sequencer's slot: the word, the first one of this block of columns, the row and the turn.
  private val word = Reg(UInt(counting(words) bits)).init(0).setName("block_word")
  private val first = Reg(UInt(counting(words) bits)).init(0).setName("block_first")
  private val row = Reg(UInt(counting(rotation.rows) bits)).init(0).setName("block_row")
  private val turn = Reg(UInt(turnBits bits)).init(0).setName("block_turn")
  private val begins = Reg(Bool()).init(True).setName("block_begins")
  private val rowEnds = (if (rotation.rows == 1) True else (row === rotation.rows - 1)).setName("block_row_ends")
  when(sequencer.advancing) {
    begins := False
    word := word + 1
    row := row + 1
    when(rowEnds) {
      row := 0
      turn := turn + 1
      when(turn.andR)(first := word + 1).otherwise(word := first)
    }
  }
  when(sequencer.beginning) {
    Seq(word, first, row, turn).foreach(_ := 0)
    begins := True
  }

  /** How far all lanes move on, [[DISTANCE]] cycles after the step. */
  val distance: UInt = {
    val wraps = 1 + program.rows - rotation.rows
    val width = program.distanceBits
    val moves = if (wraps == 1) U(1, width bits) else (row === 0) ? U(wraps, width bits) | U(1, width bits)
    Delay.data((begins ? U(0, width bits) | moves).setName("block_moves").asBits, DISTANCE, "block_distance").asUInt
  }

  private val turns = new Delay(turn, MatrixBlocks.SECOND, "block_turn", isReset = false)
  private val groups = (0 until netlist.groups).map(group => group -> rotated(group))

  /** The weights of a group's lanes, [[OPERAND]] cycles after the step. */
  def weights(group: Int): Seq[SInt] = groups(group)._2

  private def rotated(group: Int): Seq[SInt] = {
    val table = netlist.blocks(group)
    val prefix = s"group$group"
    val read =
      if (table.isConstant) Rom.constant(table.entries.get(0), table.width)
      else {
        val entries = table.entries.asScala.map(BigInt(_)).toSeq
        RegNext(Rom.memory(s"${prefix}_${table.name}", entries, table.width).readSync(word).setName(prefix + "_read"))
          .setName(prefix + "_block")
      }
    val lanes = read.subdivideIn(rotation.size slices).toSeq
    val partly =
      if (lowTurn == 0) lanes else moved(lanes, turns(MatrixBlocks.FIRST)(lowTurn - 1 downto 0), 1)
    val early = partly.zipWithIndex.map { case (weight, i) => RegNext(weight).setName(s"${prefix}_turned$i") }
    moved(early, turns(MatrixBlocks.SECOND)(turnBits - 1 downto lowTurn), 1 << lowTurn).zipWithIndex.map {
      case (weight, i) => RegNext(weight).setName(s"${prefix}_weight$i").asSInt
    }
  }

  private def counting(things: Int): Int = log2Up(things).max(1)

  /** Each value as many `units` of places further on as `by` says. */
  private def moved(values: Seq[Bits], by: UInt, unit: Int): Seq[Bits] =
    values.indices.map { i =>
      Vec((0 until (1 << by.getWidth)).map(turn => values(Math.floorMod(i - turn * unit, values.size))))(by)
    }
}

private[matrix] object MatrixBlocks {

  /** From a step until its block stands in a register. */
  private val FIRST: Int = OPERAND - 2

  /** From a step until the block is turned partly. */
  private val SECOND: Int = OPERAND - 1
}

/** Words whose weights are taken from the blocks of a group. */
private[matrix] final class BlockWords(blocks: MatrixBlocks, group: Int, place: Int) extends MatrixWords {
  val distance: UInt = blocks.distance
  val weight: SInt = blocks.weights(group)(place)
}
