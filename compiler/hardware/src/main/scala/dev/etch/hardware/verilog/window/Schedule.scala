// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program
import dev.etch.hardware.Program.{Cluster, Lane}

import scala.jdk.CollectionConverters._

/** A program as this package reads it. Areas must not have it in a sequence of theirs: SpinalHDL looks for
  * signals in these, and computes hash values of what it finds, step by step.
  */
final class Schedule(program: Program) {
  val clusters: IndexedSeq[Cluster] = program.clusters.asScala.toIndexedSeq
  val lanes: IndexedSeq[Lane] = clusters.flatMap(_.lanes.asScala)
}
