// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program
import dev.etch.hardware.Program.{Cluster, Lane}

import scala.collection.immutable.ArraySeq
import scala.jdk.CollectionConverters._

/** A program as this package reads it. Areas must not have it in a sequence of theirs: SpinalHDL looks for
  * signals in these, and computes hash values of what it finds, step by step.
  */
final class Schedule(program: Program) {
  val clusters: IndexedSeq[Cluster] = program.clusters.asScala.toIndexedSeq
  val lanes: IndexedSeq[Lane] = clusters.flatMap(_.lanes.asScala)

  /** The factor of each step of a lane. */
  def weights(lane: Int): IndexedSeq[Int] = {
    val steps = lanes(lane).steps
    val weights = new Array[Int](steps.size)
    for (step <- weights.indices) weights(step) = steps.get(step).weight
    ArraySeq.unsafeWrapArray(weights)
  }
}
