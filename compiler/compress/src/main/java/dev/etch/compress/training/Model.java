// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import java.util.Objects;
import java.util.Optional;

/**
 * A network in the course of its compression: what every step takes and gives.
 *
 * @param network its constants are what the restrictions allow
 * @param restrictions what later steps have to keep
 * @param teacher what later steps learn from besides the labels
 */
public record Model(Network network, Restrictions restrictions, Optional<Teacher> teacher) {
  public Model {
    Objects.requireNonNull(network);
    Objects.requireNonNull(restrictions);
    Objects.requireNonNull(teacher);
  }

  /** A network without restrictions or teacher. */
  public static Model of(Network network) {
    return new Model(network, Restrictions.NONE, Optional.empty());
  }

  /** With other restrictions, and constants that they allow. */
  public Model restricted(Restrictions others) {
    return new Model(network.with(others.restrict(network.parameters())), others, teacher);
  }

  /** With a teacher. */
  public Model taughtBy(Teacher other) {
    return new Model(network, restrictions, Optional.of(other));
  }
}
