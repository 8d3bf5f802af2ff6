// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program
import dev.etch.hardware.Program.{Lane, Step}

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** Lanes that read the same elements at the same time, wherever both read at all.
  *
  * @param lanes
  *   numbers of the lanes
  * @param reads
  *   (address, element) a step, or nothing where no lane of the feed reads
  */
final case class Feed(lanes: Seq[Int], reads: Seq[Option[(Int, Int)]]) {

  /** The element of each step; idle steps repeat the one before. */
  def elements: Seq[Int] = Feed.filled(reads.map(_.map(_._2)))
}

/** A copy of the window's memory with one address sequence.
  *
  * @param addresses
  *   beat a step, or nothing where no lane reads
  */
final case class Port(feeds: Seq[Feed], addresses: Seq[Option[Int]]) {

  /** Elements of a beat that anyone reads here; only these are stored. Never empty: lanes that only
    * idle (all weights are zero) still have an operand.
    */
  val elements: Seq[Int] = {
    val read = feeds.flatMap(_.reads.flatten.map(_._2)).distinct.sorted
    if (read.isEmpty) Seq(0) else read
  }
}

object Feed {

  /** Fills the gaps with the value before. */
  def filled(values: Seq[Option[Int]]): Seq[Int] =
    values.scanLeft(values.flatten.headOption.getOrElse(0))((last, v) => v.getOrElse(last)).tail
}

/** Finds what lanes can share. */
object Sharing {

  /** All lanes of a program, cluster after cluster. */
  def lanes(program: Program): Seq[Lane] =
    program.clusters.asScala.toSeq.flatMap(_.lanes.asScala)

  /** The memory ports of a program. Greedy: each lane joins the first feed, each feed the first port
    * that it does not contradict.
    */
  def ports(program: Program): Seq[Port] = {
    val reads = lanes(program).map(_.steps.asScala.iterator.map(read).toArray)
    val feeds = join(reads).map { case (members, merged) => Feed(members, merged.toSeq) }
    val addresses = feeds.map(_.reads.iterator.map(_.map(_._1)).toArray)
    join(addresses).map { case (members, merged) => Port(members.map(feeds), merged.toSeq) }
  }

  private def read(step: Step): Option[(Int, Int)] =
    if (step.isIdle) None else Some((step.address, step.element))

  private def join[T](sequences: Seq[Array[Option[T]]]): Seq[(Seq[Int], Array[Option[T]])] = {
    val groups = mutable.ArrayBuffer[(mutable.ArrayBuffer[Int], Array[Option[T]])]()
    for ((sequence, number) <- sequences.zipWithIndex) {
      groups.find(group => agree(group._2, sequence)) match {
        case Some((members, merged)) =>
          members += number
          for (i <- merged.indices) if (merged(i).isEmpty) merged(i) = sequence(i)
        case None => groups += ((mutable.ArrayBuffer(number), sequence.clone()))
      }
    }
    groups.map { case (members, merged) => (members.toSeq, merged) }.toSeq
  }

  private def agree[T](left: Array[Option[T]], right: Array[Option[T]]): Boolean = {
    var i = 0
    while (i < left.length && (left(i).isEmpty || right(i).isEmpty || left(i) == right(i))) i += 1
    i == left.length
  }
}
